using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ranking.Learning;

/// <summary>What stands before the numbers of a row: 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RowHead
{
    /// <summary>The id's key; in a free row, the next free one.</summary>
    public ulong Key;

    /// <summary>The sum of squares of row-wise Adagrad, or the sightings of an id without a row.</summary>
    public float Sum;

    /// <summary>Event time of the batch that last touched the row, Unix seconds; <see cref="RowTable.Free"/> in a free row.</summary>
    public uint LastSeen;
}

/// <summary>
/// Rows of numbers by key, in native memory. Rows lie in segments that never move; the index grows one small part at a
/// time, at different sizes, so that no insertion costs more than a part (1/1024 of the table).
/// </summary>
/// <param name="dimension">Numbers a row.</param>
/// <param name="counts">Whether a row has a count beside its numbers.</param>
internal sealed unsafe class RowTable(int dimension, bool counts = false) : IDisposable
{
    /// <summary>Marks a free row.</summary>
    public const uint Free = uint.MaxValue;

    private const int SegmentBits = 12;
    private const int SegmentRows = 1 << SegmentBits;

    private readonly KeyIndex index = new();
    private nint[] segments = [];
    private int freeHead = -1;

    /// <summary>Numbers a row.</summary>
    public int Dimension => dimension;

    /// <summary>Bytes a row: head, numbers and count.</summary>
    public int Stride { get; } = (sizeof(RowHead) + (4 * (dimension + (counts ? 1 : 0))) + 7) & ~7;

    /// <summary>Rows ever used; ids of rows are below it.</summary>
    public int Used { get; private set; }

    /// <summary>Rows in use.</summary>
    public int Count { get; private set; }

    /// <summary>The first row of the chain of free ones, or −1.</summary>
    public int FreeHead => freeHead;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RowHead* Head(int row) => (RowHead*)(segments[row >> SegmentBits] + ((row & (SegmentRows - 1)) * (nint)Stride));

    /// <summary>The numbers of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<float> Values(int row) => new(Head(row) + 1, dimension);

    /// <summary>How often the row was read in training, where the table counts it; no more than 2²⁴.</summary>
    public ref float ReadsOf(int row) => ref ((float*)(Head(row) + 1))[dimension];

    /// <summary>The row of a key, or −1. Safe from many threads while nothing is added or removed.</summary>
    public int Find(ulong key) => index.Find(this, key);

    /// <summary>
    /// <see cref="Find(ulong)"/> of each key; the lines of later keys are on their way while earlier ones are compared,
    /// for in a large table each would be waited for.
    /// </summary>
    /// <param name="keys">The keys.</param>
    /// <param name="otherwise">The row of a key that has none.</param>
    /// <param name="rows">[keys] where the rows go.</param>
    public void Find(ReadOnlySpan<ulong> keys, int otherwise, Span<int> rows)
    {
        const int Ahead = 12;
        for (var i = -2 * Ahead; i < keys.Length; i++)
        {
            if (i + (2 * Ahead) < keys.Length)
            {
                index.PrefetchSlot(keys[i + (2 * Ahead)]);
            }

            if (i + Ahead is var near && near >= 0 && near < keys.Length)
            {
                index.PrefetchRow(this, keys[near]);
            }

            if (i >= 0)
            {
                var row = Find(keys[i]);
                rows[i] = row < 0 ? otherwise : row;
            }
        }
    }

    /// <summary>A zeroed row for a key that has none.</summary>
    public int Add(ulong key, uint seen)
    {
        var row = freeHead;
        if (row >= 0)
        {
            freeHead = (int)Head(row)->Key;
        }
        else
        {
            row = Used++;
            Reserve(Used);
        }

        NativeMemory.Clear(Head(row), (nuint)Stride);
        *Head(row) = new RowHead { Key = key, LastSeen = seen };
        index.Add(this, row);
        Count++;
        return row;
    }

    /// <summary>Gives a row up; its number is used again.</summary>
    public void Remove(int row)
    {
        index.Remove(this, row);
        *Head(row) = new RowHead { Key = unchecked((ulong)freeHead), LastSeen = Free };
        freeHead = row;
        Count--;
    }

    /// <summary>Forgets all rows; their memory is used again.</summary>
    public void Clear()
    {
        index.Clear();
        (Used, Count, freeHead) = (0, 0, -1);
    }

    /// <summary>The bytes of a row, as a checkpoint keeps them.</summary>
    public Span<byte> Bytes(int row) => new(Head(row), Stride);

    /// <summary>Takes over rows that were kept: numbers of rows stay, the index is built anew.</summary>
    public void Restore(int used, int free, Action<Span<byte>> read)
    {
        index.Clear();
        Reserve(used);
        (Used, Count, freeHead) = (used, 0, free);
        for (var row = 0; row < used; row++)
        {
            read(Bytes(row));
            if (Head(row)->LastSeen != Free)
            {
                index.Add(this, row);
                Count++;
            }
        }
    }

    /// <summary>Takes over the rows of another table of the same stride.</summary>
    public void TakeOver(RowTable other)
    {
        var row = 0;
        Restore(other.Used, other.FreeHead, bytes => other.Bytes(row++).CopyTo(bytes));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        index.Clear();
        foreach (var segment in segments)
        {
            NativeMemory.Free((void*)segment);
        }

        segments = [];
    }

    private void Reserve(int rows)
    {
        var needed = (rows + SegmentRows - 1) >> SegmentBits;
        var held = segments.Length;
        if (needed > held)
        {
            Array.Resize(ref segments, needed);
            for (; held < needed; held++)
            {
                segments[held] = (nint)NativeMemory.Alloc((nuint)(SegmentRows * (long)Stride));
            }
        }
    }
}
