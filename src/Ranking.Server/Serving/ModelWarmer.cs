namespace Ranking.Server;

/// <summary>
/// Runs a request for each objective through a version before it is served: its own buffers and tables are touched, and
/// code that no version before it ran is compiled. Then the items of the requests that the model answered lately, which
/// leaves what it computes of them where the next ones look for it.
/// </summary>
internal sealed class ModelWarmer(ScoringPipeline pipeline, RequestMapper mapper, RecentRequests recent, ServerOptions options, TimeProvider time)
{
    /// <summary>The newest requests whose items a delta is warmed with: those asked for again and again are in so many.</summary>
    public const int RequestsOfDelta = 64;

    /// <summary>A delta is there to be new: on a busy machine it is served with what has been computed by then.</summary>
    public static readonly TimeSpan DeltaPatience = TimeSpan.FromMilliseconds(500);

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

    /// <summary>Computes what a delta changes of the items of the newest requests, which would have the next ones wait for it.</summary>
    public Task WarmDeltaAsync(LoadedModel delta, SwapPace pace)
    {
        var start = time.GetTimestamp();
        return pace.RunAsync(() =>
        {
            foreach (var request in recent.Of(delta.Spec.Name).Take(RequestsOfDelta).TakeWhile(_ => time.GetElapsedTime(start) < DeltaPatience))
            {
                request.Use(features => KeepItems(delta, features));
            }
        });
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
