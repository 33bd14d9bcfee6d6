namespace Ranking.Server;

/// <summary>
/// Runs a request for each objective through a version before it is served: its own buffers and tables are touched, and
/// code that no version before it ran is compiled.
/// </summary>
internal sealed class ModelWarmer(ScoringPipeline pipeline, RequestMapper mapper, ServerOptions options)
{
    public async Task WarmAsync(LoadedModel model, CancellationToken cancellation)
    {
        for (var objective = 0; objective < model.Spec.Objectives.Length; objective++)
        {
            var request = WarmRequest.For(model.Spec.Name, model.Spec, (2 * objective) + 1, 0, options);
            var mapped = mapper.Map(model, request.UserId, request.ItemIds, request.Features, request.Options);
            await pipeline.ScoreAsync(model, mapped, DateTimeOffset.MaxValue, cancellation).ConfigureAwait(false);
        }
    }
}
