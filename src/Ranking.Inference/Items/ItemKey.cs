using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ranking.Core;

namespace Ranking.Inference;

/// <summary>128 bits of what the encoder gave of an item: two that are equal were encoded from equal features.</summary>
internal static class ItemKey
{
    private const ulong First = 0x9E3779B97F4A7C15;
    private const ulong Second = 0xD6E8FEB86659FD93;

    /// <summary>128 bits that no other version's keys differ by, in this process.</summary>
    public static UInt128 OfVersion() => Unsafe.BitCast<Guid, UInt128>(Guid.NewGuid());

    /// <param name="scope">The item's features.</param>
    /// <param name="row">Which candidate.</param>
    public static UInt128 Of(EncodedScope scope, int row)
    {
        var (high, low) = (First, Second);
        foreach (var column in scope.Columns)
        {
            if (!column.Feature.IsEmbedded)
            {
                Add(((ulong)BitConverter.SingleToUInt32Bits(column.Values[row]) << 32) | BitConverter.SingleToUInt32Bits(column.Missing[row]), ref high, ref low);
                continue;
            }

            Add(column, row, ref high, ref low);
            foreach (var part in column.Parts)
            {
                Add(part, row, ref high, ref low);
            }
        }

        return new UInt128(high, low);
    }

    /// <summary>A number for the bytes of a row, never 0.</summary>
    /// <param name="before">What else it differs by.</param>
    /// <param name="row">The bytes.</param>
    public static ulong ContentOf(ulong before, ReadOnlySpan<byte> row)
    {
        var (high, low) = (First ^ before, Second);
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(row))
        {
            Add(word, ref high, ref low);
        }

        foreach (var rest in row[(row.Length / sizeof(ulong) * sizeof(ulong))..])
        {
            Add(rest, ref high, ref low);
        }

        return (high ^ low) | 1;
    }

    private static void Add(EncodedColumn column, int row, ref ulong high, ref ulong low)
    {
        if (column.Keys.IsEmpty)
        {
            return;
        }

        var (from, to) = (column.Offsets[row], column.Offsets[row + 1]);
        Add((ulong)(to - from), ref high, ref low);
        for (var at = from; at < to; at++)
        {
            Add(column.Keys[at], ref high, ref low);
            if (column.Feature.IsList)
            {
                Add(BitConverter.SingleToUInt32Bits(column.Weights[at]), ref high, ref low);
            }
        }
    }

    // Two multiplications that each fold all bits of what came before and of the number into 64.
    private static void Add(ulong number, ref ulong high, ref ulong low)
    {
        high = Fold(high ^ number, First);
        low = Fold(low + number, Second);
    }

    private static ulong Fold(ulong a, ulong b)
    {
        var top = Math.BigMul(a, b, out var bottom);
        return top ^ bottom;
    }
}
