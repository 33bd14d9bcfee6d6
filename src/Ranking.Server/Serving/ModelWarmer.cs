using System.Collections.Concurrent;

namespace Ranking.Server;

/// <summary>
/// Runs requests through a version before it is served, until its code is compiled. Code is shared by a model's versions:
/// later ones only touch their own memory.
/// </summary>
internal sealed class ModelWarmer(ScoringPipeline pipeline, Compilation compilation, ServerOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, bool> compiledFor = new(StringComparer.Ordinal);

    public async Task WarmAsync(LoadedModel model, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var requests = model.Objectives.Values.Select(objective => WarmRequest.For(model.Spec.Schema, objective, options, now)).ToArray();
        await RunAsync(model, requests, cancellation).ConfigureAwait(false);
        if (compiledFor.TryAdd(model.Spec.Name, true))
        {
            await compilation.UntilQuietAsync(() => RunAsync(model, requests, cancellation)).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(LoadedModel model, ScoringRequest[] requests, CancellationToken cancellation)
    {
        foreach (var request in requests)
        {
            await pipeline.ScoreAsync(model, request, cancellation).ConfigureAwait(false);
        }
    }
}
