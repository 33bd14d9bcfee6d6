using Ranking.Core;

namespace Ranking.Inference;

/// <summary>
/// A session's way through the item half, some blocks of candidates at a time: the items that are kept are held where they
/// stand, the others computed together, so that their weights are read once for all of them.
/// </summary>
internal sealed unsafe class ItemPass(ItemHalf half, Workspace workspace)
{
    /// <summary>Candidates whose items are held together at most.</summary>
    public const int Rows = 6 * ScoringSession.BlockRows;

    // More would have a request wait, with nothing scored yet when its time is up.
    private const int MostMissing = 2 * ScoringSession.BlockRows;

    private readonly UInt128[] keys = new UInt128[Rows];
    private readonly nint[] holds = new nint[Rows];
    private readonly int[] missing = new int[MostMissing];
    private int held;

    /// <summary>Brings candidates' items to where the workspace reads them, until <see cref="LetGo"/>.</summary>
    /// <param name="items">The items' features.</param>
    /// <param name="first">The first candidate.</param>
    /// <param name="rows">How many at most.</param>
    /// <returns>How many, fewer where too many would have to be computed; and for how many of them it was.</returns>
    public (int Rows, int Computed) Take(EncodedScope items, int first, int rows)
    {
        // In turns, each of which asks for what the next one reads: an item is anywhere in memory.
        var sought = keys.AsSpan(0, rows);
        ItemKey.Of(half.Version, items, first, sought);
        workspace.Tables.Moved?.Mix(sought, items, first);
        foreach (var key in sought)
        {
            half.Cache.Prefetch(key);
        }

        var count = 0;
        for (var row = 0; row < rows; row++)
        {
            var values = half.Cache.TryHold(keys[row], out var hold, out var isUnknown);
            if (values != null)
            {
                holds[held++] = hold;
                workspace.Items[row] = (nint)values;
                workspace.Unknown[first + row] = isUnknown;
            }
            else if (count < MostMissing)
            {
                missing[count++] = row;
            }
            else
            {
                rows = row;
            }
        }

        Compute(missing.AsSpan(0, count), first);
        return (rows, count);
    }

    /// <summary>The items taken are not read any more.</summary>
    public void LetGo()
    {
        foreach (var hold in holds.AsSpan(0, held))
        {
            ItemCache.LetGo(hold);
        }

        held = 0;
    }

    private void Compute(ReadOnlySpan<int> rows, int first)
    {
        fixed (float* computed = workspace.Write(half.Buffer, rows.Length * half.Width))
        {
            Compute(rows, first, computed);
        }
    }

    private void Compute(ReadOnlySpan<int> rows, int first, float* computed)
    {
        for (var from = 0; from < rows.Length; from += ScoringSession.BlockRows)
        {
            var block = rows[from..Math.Min(from + ScoringSession.BlockRows, rows.Length)];
            workspace.TakeItems(first, block);
            foreach (var step in half.Steps)
            {
                step.Run(workspace);
            }

            for (var number = 0; number < block.Length; number++)
            {
                Keep(number, block[number], first, computed + ((long)(from + number) * half.Width));
            }
        }
    }

    private void Keep(int number, int row, int first, float* values)
    {
        var item = new Span<float>(values, half.Width);
        foreach (var (own, read, scale) in half.Values)
        {
            if (scale > 0)
            {
                FixedPoint.Store(workspace.Read(own, number), scale, (short*)(values + read.Offset));
            }
            else if (read.IsHalf)
            {
                Halves.Store(workspace.Read(own, number), (ushort*)(values + read.Offset));
            }
            else
            {
                workspace.Read(own, number).CopyTo(item[read.Offset..]);
            }
        }

        workspace.Items[row] = (nint)values;
        half.Cache.Write(keys[row], item, workspace.Unknown[first + row]);
    }
}
