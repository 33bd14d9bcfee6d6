using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Ranking.Core;

/// <summary>One input feature of all rows of a scope, as the model reads it. Buffers grow and are used again.</summary>
public sealed class EncodedColumn
{
    private ulong[] keys = [];
    private float[] weights = [];
    private int[] offsets = [0];
    private float[] values = [];
    private float[] missing = [];

    internal EncodedColumn(Feature feature) =>
        (Feature, Parts) = (feature, [.. feature.Columns.Select(column => new EncodedColumn(feature.PartOf(column)))]);

    /// <summary>The feature.</summary>
    public Feature Feature { get; }

    /// <summary>
    /// Of a sequence, its columns: each has the same <see cref="Offsets"/>, and one key an entry, the missing key where an
    /// entry lacks a value. A missing sequence has no entries.
    /// </summary>
    public ImmutableArray<EncodedColumn> Parts { get; }

    /// <summary>How many rows are encoded.</summary>
    public int Rows { get; private set; }

    /// <summary>
    /// Keys of embedded features: row r has <c>Keys[Offsets[r]..Offsets[r + 1]]</c>. A single-valued feature has exactly
    /// one a row (the missing key where it has no value), a missing list has its missing key, an empty list has none.
    /// Empty for numeric features, as are <see cref="Offsets"/> and <see cref="Weights"/>, and for a sequence, whose
    /// <see cref="Parts"/> have them.
    /// </summary>
    public ReadOnlySpan<ulong> Keys => Parts.IsEmpty && Feature.IsEmbedded ? keys.AsSpan(0, offsets[Rows]) : [];

    /// <summary>[rows + 1] borders of the rows in <see cref="Keys"/>.</summary>
    public ReadOnlySpan<int> Offsets => Feature.IsEmbedded ? offsets.AsSpan(0, Rows + 1) : [];

    /// <summary>
    /// How much each key counts in its row's pooled embedding: 1 for a single value, 1 / n in a list of n, its weight
    /// over the sum of the row's weights in a weighted list.
    /// </summary>
    public ReadOnlySpan<float> Weights => Parts.IsEmpty && Feature.IsEmbedded ? weights.AsSpan(0, offsets[Rows]) : [];

    /// <summary>[rows] transformed numbers; 0 where missing. Numeric features only.</summary>
    public ReadOnlySpan<float> Values => values.AsSpan(0, Feature.IsEmbedded ? 0 : Rows);

    /// <summary>[rows] 1 where the number is missing, else 0. Numeric features only.</summary>
    public ReadOnlySpan<float> Missing => missing.AsSpan(0, Feature.IsEmbedded ? 0 : Rows);

    internal void Clear()
    {
        Rows = 0;
        foreach (var part in Parts)
        {
            part.Rows = 0;
        }
    }

    internal void AddNumber(float value, bool isMissing)
    {
        Grow(ref values, Rows + 1);
        Grow(ref missing, Rows + 1);
        values[Rows] = isMissing ? 0 : value;
        missing[Rows] = isMissing ? 1 : 0;
        Rows++;
    }

    internal void AddKey(ulong key)
    {
        PushKey(key, 1, 0);
        EndRow(1);
    }

    internal void PushKey(ulong key, float weight, int index)
    {
        var at = offsets[Rows] + index;
        Grow(ref keys, at + 1);
        Grow(ref weights, at + 1);
        keys[at] = key;
        weights[at] = weight;
    }

    internal void ScaleRow(int count, float by)
    {
        foreach (ref var weight in weights.AsSpan(offsets[Rows], count))
        {
            weight *= by;
        }
    }

    internal void SetRowWeights(ReadOnlySpan<byte> littleEndian, int count, float by)
    {
        for (var i = 0; i < count; i++)
        {
            weights[offsets[Rows] + i] = BinaryPrimitives.ReadSingleLittleEndian(littleEndian[(4 * i)..]) * by;
        }
    }

    internal void EndRow(int count)
    {
        Grow(ref offsets, Rows + 2);
        offsets[Rows + 1] = offsets[Rows] + count;
        Rows++;
    }

    /// <summary>How many words a row of so many keys is written to; a feature that is no list has one key, or a number.</summary>
    internal static int WordsOf(Feature feature, int keys) => feature.IsList ? 1 + (2 * keys) : 1;

    /// <summary>Writes the last row to the front of some words, which are those behind it then; false where it is longer.</summary>
    internal bool TryWriteLast(ref Span<ulong> words)
    {
        var last = Rows - 1;
        var count = Feature.IsEmbedded ? offsets[Rows] - offsets[last] : 1;
        if (words.Length < WordsOf(Feature, count))
        {
            return false;
        }

        if (!Feature.IsEmbedded)
        {
            Write(BitConverter.SingleToUInt32Bits(values[last]) | ((ulong)missing[last] << 32), ref words);
            return true;
        }

        if (Feature.IsList)
        {
            Write((ulong)count, ref words);
        }

        for (var at = offsets[last]; at < offsets[Rows]; at++)
        {
            Write(keys[at], ref words);
            if (Feature.IsList)
            {
                Write(BitConverter.SingleToUInt32Bits(weights[at]), ref words);
            }
        }

        return true;
    }

    /// <summary>Adds a row from the front of some words, which are those behind it then.</summary>
    internal void AddWritten(ref ReadOnlySpan<ulong> words)
    {
        if (!Feature.IsEmbedded)
        {
            var number = Read(ref words);
            AddNumber(BitConverter.UInt32BitsToSingle((uint)number), number >> 32 != 0);
        }
        else if (!Feature.IsList)
        {
            AddKey(Read(ref words));
        }
        else
        {
            var count = (int)Read(ref words);
            for (var index = 0; index < count; index++)
            {
                PushKey(Read(ref words), BitConverter.UInt32BitsToSingle((uint)Read(ref words)), index);
            }

            EndRow(count);
        }
    }

    private static void Write(ulong word, ref Span<ulong> words)
    {
        words[0] = word;
        words = words[1..];
    }

    private static ulong Read(ref ReadOnlySpan<ulong> words)
    {
        var word = words[0];
        words = words[1..];
        return word;
    }

    private static void Grow<T>(ref T[] array, int length)
    {
        if (array.Length < length)
        {
            Array.Resize(ref array, Math.Max(length, array.Length * 2));
        }
    }
}
