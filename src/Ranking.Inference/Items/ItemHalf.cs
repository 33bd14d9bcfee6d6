using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Inference;

/// <summary>Values that depend on the item alone and are read by what does not: computed for the items not in the cache.</summary>
/// <param name="Steps">What computes them, in order.</param>
/// <param name="Values">Where each is computed, item after item, and where among an item's numbers it is read.</param>
/// <param name="Buffer">The buffer of the items' numbers, candidate by candidate.</param>
/// <param name="Width">Numbers of an item: the values, and whether its id is unknown.</param>
/// <param name="Cache">The items that were computed before.</param>
internal sealed record ItemHalf(
    ImmutableArray<Step> Steps, ImmutableArray<(ValueSlot Computed, ValueSlot Read)> Values, int Buffer, int Width, ItemCache Cache);

/// <summary>A session's way through the item half, a block of candidates at a time.</summary>
internal sealed class ItemPass(ItemHalf half, Workspace workspace)
{
    private readonly UInt128[] keys = new UInt128[ScoringSession.BlockRows];
    private readonly int[] missing = new int[ScoringSession.BlockRows];

    /// <summary>Fills in the numbers of the candidates that the workspace has taken.</summary>
    public void Run(EncodedScope items)
    {
        var count = 0;
        for (var row = 0; row < workspace.BlockRows; row++)
        {
            keys[row] = ItemKey.Of(items, workspace.FirstRow + row);
            if (half.Cache.TryRead(keys[row], workspace.Item(row)))
            {
                workspace.Unknown[workspace.FirstRow + row] = workspace.Item(row)[^1] != 0;
            }
            else
            {
                missing[count++] = row;
            }
        }

        half.Cache.Count(workspace.BlockRows - count, count);
        workspace.TakeItems(missing.AsSpan(0, count));
        foreach (var step in half.Steps)
        {
            step.Run(workspace);
        }

        for (var number = 0; number < count; number++)
        {
            Keep(number, missing[number]);
        }
    }

    private void Keep(int number, int row)
    {
        var item = workspace.Item(row);
        foreach (var (computed, read) in half.Values)
        {
            workspace.Read(computed, number).CopyTo(item[read.Offset..]);
        }

        item[^1] = workspace.Unknown[workspace.FirstRow + row] ? 1 : 0;
        half.Cache.Write(keys[row], item);
    }
}
