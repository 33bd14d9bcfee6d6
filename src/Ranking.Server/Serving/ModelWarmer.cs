namespace Ranking.Server;

/// <summary>
/// Runs a request for each objective through a version before it is served: its own buffers and tables are touched, and
/// code that no version before it ran is compiled. Then the items of the requests that the model answered lately, which
/// leaves what it computes of them where the next ones look for it.
/// </summary>
internal sealed class ModelWarmer(ScoringPipeline pipeline, RequestMapper mapper, RecentRequests recent, ServerOptions options)
{
    public async Task WarmAsync(LoadedModel model, SwapPace pace, CancellationToken cancellation)
    {
        for (var objective = 0; objective < model.Spec.Objectives.Length; objective++)
        {
            var request = WarmRequest.For(model.Spec.Name, model.Spec, (2 * objective) + 1, 0, options);
            var mapped = mapper.Map(model, request.UserId, request.ItemIds, request.Features, request.Options);
            await pipeline.ScoreAsync(model, mapped, DateTimeOffset.MaxValue, cancellation).ConfigureAwait(false);
        }

        foreach (var request in recent.Of(model.Spec.Name))
        {
            await pace.RunAndRestAsync(() => request.Use(features => KeepItems(model, features)), cancellation).ConfigureAwait(false);
        }
    }

    private static void KeepItems(LoadedModel model, ServedFeatures features)
    {
        var scorer = model.RentScorer();
        try
        {
            scorer.KeepItems(features);
        }
        finally
        {
            model.ReturnScorer(scorer);
        }
    }
}
