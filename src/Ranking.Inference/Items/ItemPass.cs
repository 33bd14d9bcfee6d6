using System.Runtime.Intrinsics.X86;
using Ranking.Core;

namespace Ranking.Inference;

/// <summary>
/// A session's way through the item half, some blocks of candidates at a time: the items that are kept are held where they
/// stand, the others computed together, so that their weights are read once for all of them.
/// </summary>
internal sealed unsafe class ItemPass(ItemHalf half, Workspace workspace)
{
    /// <summary>Candidates whose items are held, and computed where they are not kept, together: some blocks of them.</summary>
    public const int Rows = 4 * ScoringSession.BlockRows;

    private readonly UInt128[] keys = new UInt128[Rows];
    private readonly nint[] holds = new nint[Rows];
    private readonly int[] missing = new int[Rows];
    private int held;

    /// <summary>Brings so many candidates' items to where the workspace reads them, until <see cref="LetGo"/>.</summary>
    public void Take(EncodedScope items, int first, int rows)
    {
        // In turns, each of which asks for what the next one reads: an item is anywhere in memory.
        for (var row = 0; row < rows; row++)
        {
            keys[row] = ItemKey.Of(items, first + row) ^ half.Version;
        }

        workspace.Tables.Moved?.Mix(keys.AsSpan(0, rows), items, first);
        foreach (var key in keys.AsSpan(0, rows))
        {
            half.Cache.Prefetch(key);
        }

        for (var row = 0; row < rows; row++)
        {
            var values = half.Cache.TryHold(keys[row], out var hold);
            workspace.Items[row] = (nint)values;
            if (values != null)
            {
                holds[held++] = hold;
                if (Sse.IsSupported)
                {
                    Sse.Prefetch0(values + half.Width - 1);
                }
            }
        }

        var count = 0;
        for (var row = 0; row < rows; row++)
        {
            var values = (float*)workspace.Items[row];
            if (values != null)
            {
                workspace.Unknown[first + row] = values[half.Width - 1] != 0;
            }
            else
            {
                missing[count++] = row;
            }
        }

        half.Cache.Count(rows - count, count);
        Compute(missing.AsSpan(0, count), first);
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
        foreach (var (own, read) in half.Values)
        {
            if (read.IsHalf)
            {
                Halves.Store(workspace.Read(own, number), (ushort*)(values + read.Offset));
            }
            else
            {
                workspace.Read(own, number).CopyTo(item[read.Offset..]);
            }
        }

        item[^1] = workspace.Unknown[first + row] ? 1 : 0;
        workspace.Items[row] = (nint)values;
        half.Cache.Write(keys[row], item);
    }
}
