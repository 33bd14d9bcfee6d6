using System.Collections.Immutable;

namespace Ranking.Inference;

/// <summary>What sessions run, of a version and of the deltas over it: it ends with the last of them.</summary>
/// <param name="OfRequest">What depends on user and context alone, in order: once a request.</param>
/// <param name="Items">What depends on the item alone, where it is cached; else null.</param>
/// <param name="OfCandidates">What is left, in order: for a block of candidates after another.</param>
/// <param name="Outputs">Where the graph's outputs stand, in their order.</param>
/// <param name="Memory">[buffers] which of a workspace's memory each buffer stands in.</param>
/// <param name="Owned">Memory outside the managed heap, which ends with it.</param>
internal sealed record CompiledGraph(
    ImmutableArray<Step> OfRequest, ItemHalf? Items, ImmutableArray<Step> OfCandidates, ImmutableArray<ValueSlot> Outputs, ImmutableArray<int> Memory, ImmutableArray<IDisposable> Owned)
    : IDisposable
{
    private int owners = 1;

    /// <summary>Another owner's hold on it, which ends with <see cref="Dispose"/>.</summary>
    public CompiledGraph Share()
    {
        Interlocked.Increment(ref owners);
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref owners) > 0)
        {
            return;
        }

        foreach (var memory in Owned)
        {
            memory.Dispose();
        }
    }
}
