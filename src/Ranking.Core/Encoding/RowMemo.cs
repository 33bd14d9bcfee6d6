using System.Collections.Immutable;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Ranking.Core;

/// <summary>
/// What an encoder made of records lately: an item that is a candidate again is copied, not parsed and hashed, which is a tenth of
/// a request to a small model. Found by 128 bits of a record's bytes, of which the first say where and the last 63 are kept there
/// with its row; each place is the last record's. For one encoder, outside the managed heap.
/// </summary>
public sealed unsafe class RowMemo : IDisposable
{
    /// <summary>Records that are looked up together: all ask for their places before the first is read.</summary>
    internal const int Together = 32;

    private const int Line = 64;

    // A row of more ids than that in its lists is encoded each time.
    private const int IdsOfAList = 4;

    private readonly UInt128[] hashes = new UInt128[Together];
    private readonly long bytes;
    private ulong* places;
    private int stride;
    private ulong count;

    // Of this process, so that records with one hash are not known beforehand.
    private readonly long seed = Random.Shared.NextInt64();

    /// <param name="bytes">How much it takes.</param>
    public RowMemo(long bytes)
    {
        this.bytes = bytes;
        places = (ulong*)NativeMemory.AllocZeroed((nuint)bytes);
    }

    ~RowMemo() => Free();

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether it can remember a scope's rows: where they are of their records alone, and one fits.</summary>
    /// <param name="encoders">The scope's columns.</param>
    internal bool TryServe(ImmutableArray<ColumnEncoder> encoders)
    {
        stride = 1 + encoders.Sum(encoder => EncodedColumn.WordsOf(encoder.Feature, IdsOfAList));
        count = (ulong)(bytes / (stride * sizeof(ulong)));
        return stride > 1 && count > 0 && encoders.All(encoder => encoder.IsOfRecordAlone);
    }

    /// <summary>Asks for the places of some records, <see cref="Together"/> at most.</summary>
    internal void Seek(ReadOnlySpan<ReadOnlyMemory<byte>> records)
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
    internal bool TryAdd(int number, EncodedScope target)
    {
        var place = new ReadOnlySpan<ulong>(PlaceOf(hashes[number]), stride);
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
    internal void Keep(int number, EncodedScope target)
    {
        var place = new Span<ulong>(PlaceOf(hashes[number]), stride);
        place[0] = TryWrite(target, place[1..]) ? TagOf(hashes[number]) : 0;
    }

    private void Free()
    {
        NativeMemory.Free(places);
        places = null;
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

    private ulong* PlaceOf(UInt128 hash) => places + (Math.BigMul((ulong)(hash >> 64), count, out _) * (ulong)stride);

    private void Prefetch(ulong* place)
    {
        for (var at = 0; Sse.IsSupported && at < stride * sizeof(ulong); at += Line)
        {
            Sse.Prefetch0((byte*)place + at);
        }
    }
}
