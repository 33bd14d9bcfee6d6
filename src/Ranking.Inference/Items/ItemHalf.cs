using System.Collections.Immutable;

namespace Ranking.Inference;

/// <summary>Values that depend on the item alone and are read by what does not: computed for the items not in the cache.</summary>
/// <param name="Steps">What computes them, in order.</param>
/// <param name="Values">The values.</param>
/// <param name="Buffer">The buffer of the items' numbers, candidate by candidate.</param>
/// <param name="Width">Numbers of an item.</param>
/// <param name="Cache">The items that were computed before, by this version and others.</param>
/// <param name="Version">What this version's keys of items begin with.</param>
internal sealed record ItemHalf(
    ImmutableArray<Step> Steps, ImmutableArray<ItemValue> Values, int Buffer, int Width, ItemCache Cache, UInt128 Version);

/// <summary>One of them.</summary>
/// <param name="Computed">Where it is computed, item after item.</param>
/// <param name="Read">Where among an item's numbers it is read.</param>
/// <param name="Scale">Of its <see cref="FixedPoint"/>; 0 where it is kept in another way.</param>
internal readonly record struct ItemValue(ValueSlot Computed, ValueSlot Read, float Scale);
