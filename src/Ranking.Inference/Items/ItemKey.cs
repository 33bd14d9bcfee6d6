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

    /// <summary>The keys of some candidates' items, a column at a time: a key is one product after another, and many are under way together.</summary>
    /// <param name="version">What the version's keys begin with.</param>
    /// <param name="scope">The items' features.</param>
    /// <param name="first">Which candidate the first key is of.</param>
    /// <param name="keys">[items] to write.</param>
    public static void Of(UInt128 version, EncodedScope scope, int first, Span<UInt128> keys)
    {
        keys.Fill(version);
        foreach (var column in scope.Columns)
        {
            if (column.Feature.IsEmbedded)
            {
                Add(column, first, keys);
                foreach (var part in column.Parts)
                {
                    Add(part, first, keys);
                }
            }
            else
            {
                var values = column.Values.Slice(first, keys.Length);
                var missing = column.Missing.Slice(first, keys.Length);
                for (var row = 0; row < keys.Length; row++)
                {
                    Add(((ulong)BitConverter.SingleToUInt32Bits(values[row]) << 32) | BitConverter.SingleToUInt32Bits(missing[row]), ref keys[row]);
                }
            }
        }
    }

    /// <summary>A number for the bytes of a row, never 0.</summary>
    /// <param name="before">What else it differs by.</param>
    /// <param name="row">The bytes.</param>
    public static ulong ContentOf(ulong before, ReadOnlySpan<byte> row)
    {
        var key = new UInt128(First ^ before, Second);
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(row))
        {
            Add(word, ref key);
        }

        foreach (var rest in row[(row.Length / sizeof(ulong) * sizeof(ulong))..])
        {
            Add(rest, ref key);
        }

        return ((ulong)(key >> 64) ^ (ulong)key) | 1;
    }

    private static void Add(EncodedColumn column, int first, Span<UInt128> keys)
    {
        if (column.Keys.IsEmpty)
        {
            return;
        }

        var ids = column.Keys;
        var offsets = column.Offsets.Slice(first, keys.Length + 1);
        var isList = column.Feature.IsList;
        for (var row = 0; row < keys.Length; row++)
        {
            var key = keys[row];
            Add((ulong)(offsets[row + 1] - offsets[row]), ref key);
            for (var at = offsets[row]; at < offsets[row + 1]; at++)
            {
                Add(ids[at], ref key);
                if (isList)
                {
                    Add(BitConverter.SingleToUInt32Bits(column.Weights[at]), ref key);
                }
            }

            keys[row] = key;
        }
    }

    // Two multiplications that each fold all bits of what came before and of the number into 64.
    private static void Add(ulong number, ref UInt128 key) =>
        key = new UInt128(Fold((ulong)(key >> 64) ^ number, First), Fold((ulong)key + number, Second));

    private static ulong Fold(ulong a, ulong b)
    {
        var top = Math.BigMul(a, b, out var bottom);
        return top ^ bottom;
    }
}
