using System.Collections.Immutable;

namespace Ranking.Inference;

/// <summary>Values that depend on the item alone and are read by what does not: computed for the items not in the cache.</summary>
/// <param name="Steps">What computes them, in order.</param>
/// <param name="Values">Where each is computed, item after item, and where among an item's numbers it is read.</param>
/// <param name="Buffer">The buffer of the items' numbers, candidate by candidate.</param>
/// <param name="Width">Numbers of an item.</param>
/// <param name="Cache">The items that were computed before, by this version and others.</param>
/// <param name="Version">What this version's keys of items begin with.</param>
internal sealed record ItemHalf(
    ImmutableArray<Step> Steps, ImmutableArray<(ValueSlot Computed, ValueSlot Read)> Values, int Buffer, int Width, ItemCache Cache, UInt128 Version);
