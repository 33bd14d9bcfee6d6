using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime;

namespace Ranking.Server;

/// <summary>
/// Runs requests through a version before it is served, until the runtime compiles nothing more: with tiered compilation
/// a method is compiled again, optimised, after 30 calls and a pause of 100 ms, and a request that meets slow code or
/// the compiler would wait for it. Code is shared by a model's versions: later ones only touch their own memory.
/// </summary>
internal sealed class ModelWarmer(ScoringPipeline pipeline, TimeProvider time)
{
    private const int Candidates = 200;

    // Longer than the runtime's pause before it compiles again.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, bool> compiledFor = new(StringComparer.Ordinal);

    public async Task WarmAsync(LoadedModel model, CancellationToken cancellation)
    {
        var requests = model.Objectives.Values.Select(RequestFor).ToArray();
        await RunAsync(model, requests, cancellation).ConfigureAwait(false);
        if (compiledFor.TryAdd(model.Spec.Name, true))
        {
            await CompileAsync(model, requests, cancellation).ConfigureAwait(false);
        }
    }

    private async Task CompileAsync(LoadedModel model, ScoringRequest[] requests, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var quietSince = start;
        var compiled = JitInfo.GetCompiledMethodCount();
        while (time.GetElapsedTime(quietSince) < Quiet && time.GetElapsedTime(start) < Limit)
        {
            await RunAsync(model, requests, cancellation).ConfigureAwait(false);
            if (JitInfo.GetCompiledMethodCount() is var now && now != compiled)
            {
                (compiled, quietSince) = (now, time.GetTimestamp());
            }
        }
    }

    private async Task RunAsync(LoadedModel model, ScoringRequest[] requests, CancellationToken cancellation)
    {
        foreach (var request in requests)
        {
            await pipeline.ScoreAsync(model, request, cancellation).ConfigureAwait(false);
        }
    }

    // Ids that nobody has: the store is asked and finds nothing, the network is run in full.
    private ScoringRequest RequestFor(ObjectiveProgram objective) => new()
    {
        UserId = "\u0001warm",
        ItemIds = [.. Enumerable.Range(0, Candidates).Select(i => $"\u0001warm-{i}")],
        Features = RequestFeatures.None,
        Objective = objective,
        Constants = ImmutableDictionary<string, double>.Empty,
        Time = time.GetUtcNow().ToUnixTimeMilliseconds(),
    };
}
