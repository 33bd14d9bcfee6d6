using System.Collections.Immutable;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Ranking.Core;

/// <summary>
/// What was made of records lately, by 128 bits of their bytes: an item that is a candidate again is copied, not parsed and
/// hashed, a fifth of the work on a request to a small model. Each record has one place, which the last one takes. Not
/// thread-safe.
/// </summary>
internal sealed unsafe class RowMemo
{
    /// <summary>Records that are looked up together: all ask for their places before the first is read.</summary>
    public const int Together = 32;

    private const int Line = 64;

    // A row of more ids than that in its lists is encoded each time.
    private const int IdsOfAList = 4;
    private const int WordsOfAnId = 2;

    private readonly UInt128[] hashes = new UInt128[Together];
    private readonly int stride;
    private readonly ulong count;

    // Pinned: what is asked for ahead is asked for by its address.
    private readonly ulong[] memory;
    private readonly ulong* first;

    // Of this process, so that records with one hash are not known beforehand.
    private readonly long seed = Random.Shared.NextInt64();

    private RowMemo(int words, long bytes)
    {
        stride = 1 + words;
        count = (ulong)(bytes / (stride * sizeof(ulong)));
        memory = GC.AllocateArray<ulong>((int)count * stride, pinned: true);
        first = (ulong*)Unsafe.AsPointer(ref memory[0]);
    }

    /// <summary>A memo of a scope's rows; null where they are of more than their records, or none would fit.</summary>
    /// <param name="encoders">The scope's columns.</param>
    /// <param name="bytes">How much it may take.</param>
    public static RowMemo? TryCreate(ImmutableArray<ColumnEncoder> encoders, long bytes)
    {
        var words = encoders.Sum(encoder => encoder.IsList ? 1 + (WordsOfAnId * IdsOfAList) : 1);
        return words > 0 && bytes >= (1 + words) * sizeof(ulong) && encoders.All(encoder => encoder.IsOfRecordAlone) ? new RowMemo(words, bytes) : null;
    }

    /// <summary>Asks for the places of some records, <see cref="Together"/> at most.</summary>
    public void Seek(ReadOnlySpan<ReadOnlyMemory<byte>> records)
    {
        for (var i = 0; i < records.Length; i++)
        {
            hashes[i] = XxHash128.HashToUInt128(records[i].Span, seed);
            Prefetch(PlaceOf(hashes[i]));
        }
    }

    /// <summary>Adds the row of a record that is remembered.</summary>
    /// <param name="number">Which of those sought.</param>
    /// <param name="target">The scope's columns.</param>
    public bool TryAdd(int number, EncodedScope target)
    {
        ReadOnlySpan<ulong> place = memory.AsSpan(PlaceOf(hashes[number]), stride);
        if (place[0] != TagOf(hashes[number]))
        {
            return false;
        }

        place = place[1..];
        foreach (var column in target.Columns)
        {
            column.AddWritten(ref place);
        }

        target.Rows++;
        return true;
    }

    /// <summary>Remembers the row that was added last as that of a record.</summary>
    /// <param name="number">Which of those sought.</param>
    /// <param name="target">The scope's columns.</param>
    public void Keep(int number, EncodedScope target)
    {
        var place = memory.AsSpan(PlaceOf(hashes[number]), stride);
        place[0] = TryWrite(target, place[1..]) ? TagOf(hashes[number]) : 0;
    }

    private static bool TryWrite(EncodedScope target, Span<ulong> words)
    {
        foreach (var column in target.Columns)
        {
            if (!column.TryWriteLast(ref words))
            {
                return false;
            }
        }

        return true;
    }

    // 0 is an empty place.
    private static ulong TagOf(UInt128 hash) => (ulong)hash | 1;

    // The first half of the hash says which.
    private int PlaceOf(UInt128 hash) => (int)Math.BigMul((ulong)(hash >> 64), count, out _) * stride;

    private void Prefetch(int place)
    {
        for (var at = 0; Sse.IsSupported && at < stride * sizeof(ulong); at += Line)
        {
            Sse.Prefetch0((byte*)(first + place) + at);
        }
    }
}
