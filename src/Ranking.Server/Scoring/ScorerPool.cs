using System.Collections.Concurrent;
using System.Collections.Immutable;
using Ranking.Inference;

namespace Ranking.Server;

/// <summary>
/// The scorers of a version and of the deltas over it, as many as requests ran at once. They end with the last of these: their
/// memory, some MiB each, is not the collector's, which would leave it for many swaps.
/// </summary>
internal sealed class ScorerPool : IDisposable
{
    private readonly ConcurrentBag<Scorer> idle = [];
    private int owners = 1;

    /// <summary>Another version's hold on it, which ends with <see cref="Dispose"/>.</summary>
    public ScorerPool Share()
    {
        Interlocked.Increment(ref owners);
        return this;
    }

    /// <summary>A scorer for one request, by one of the versions.</summary>
    public Scorer Rent(ServingModel model, ImmutableArray<NamedOutput> outputs)
    {
        if (!idle.TryTake(out var scorer))
        {
            return new Scorer(model, outputs);
        }

        scorer.Follow(model);
        return scorer;
    }

    public void Return(Scorer scorer) => idle.Add(scorer);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref owners) > 0)
        {
            return;
        }

        while (idle.TryTake(out var scorer))
        {
            scorer.Dispose();
        }
    }
}
