using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Inference;

/// <summary>Values that depend on the item alone and are read by what does not: computed for the items not in the cache.</summary>
/// <param name="Steps">What computes them, in order.</param>
/// <param name="Values">Where each is computed, item after item, and where it is read, candidate by candidate.</param>
/// <param name="Cache">The items that were computed before.</param>
internal sealed record ItemHalf(ImmutableArray<Step> Steps, ImmutableArray<(ValueSlot Computed, ValueSlot Read)> Values, ItemCache Cache)
{
    /// <summary>Numbers of an item: the values, and whether its id is unknown.</summary>
    public static int WidthOf(IEnumerable<ValueSlot> values) => values.Sum(value => value.Width) + 1;
}

/// <summary>A session's way through the item half, a block of candidates at a time.</summary>
internal sealed class ItemPass(ItemHalf half, Workspace workspace)
{
    private readonly float[] item = new float[ItemHalf.WidthOf(half.Values.Select(value => value.Computed))];
    private readonly UInt128[] keys = new UInt128[ScoringSession.BlockRows];
    private readonly int[] missing = new int[ScoringSession.BlockRows];

    /// <summary>Fills the values of the candidates that the workspace has taken.</summary>
    public void Run(EncodedScope items)
    {
        var count = 0;
        foreach (var (_, read) in half.Values)
        {
            workspace.Write(read);
        }

        for (var row = 0; row < workspace.BlockRows; row++)
        {
            keys[row] = ItemKey.Of(items, workspace.FirstRow + row);
            if (half.Cache.TryRead(keys[row], item))
            {
                Spread(row);
            }
            else
            {
                missing[count++] = row;
            }
        }

        workspace.TakeItems(missing.AsSpan(0, count));
        foreach (var step in half.Steps)
        {
            step.Run(workspace);
        }

        for (var number = 0; number < count; number++)
        {
            Collect(number, missing[number]);
            half.Cache.Write(keys[missing[number]], item);
            Spread(missing[number]);
        }
    }

    private void Collect(int number, int row)
    {
        var at = 0;
        foreach (var (computed, _) in half.Values)
        {
            workspace.Read(computed, number).CopyTo(item.AsSpan(at));
            at += computed.Width;
        }

        item[^1] = workspace.Unknown[workspace.FirstRow + row] ? 1 : 0;
    }

    private void Spread(int row)
    {
        var at = 0;
        foreach (var (_, read) in half.Values)
        {
            item.AsSpan(at, read.Width).CopyTo(workspace.Row(read, row));
            at += read.Width;
        }

        workspace.Unknown[workspace.FirstRow + row] = item[^1] != 0;
    }
}
