using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;

namespace Ranking.Core;

/// <summary>
/// Writes a feature record: raw feature values, the same in Redis, in served records and in files. Layout: format
/// version (1 byte), schema fingerprint (8 bytes, little endian), then for each present feature its id (varint), value
/// type (1 byte) and value. Lists: count (varint), elements; weighted lists: count, elements, weights (4 bytes each).
/// </summary>
public sealed class FeatureRecordWriter
{
    /// <summary>The format that this writer writes.</summary>
    public const byte FormatVersion = 1;

    /// <summary>Bytes before the first feature.</summary>
    public const int HeaderLength = 9;

    private readonly ArrayBufferWriter<byte> buffer = new(256);
    private readonly ulong fingerprint;

    /// <param name="fingerprint">Of the schema that names the feature ids.</param>
    public FeatureRecordWriter(ulong fingerprint)
    {
        this.fingerprint = fingerprint;
        Clear();
    }

    /// <summary>Begins a new record.</summary>
    public void Clear()
    {
        buffer.ResetWrittenCount();
        var header = buffer.GetSpan(HeaderLength);
        header[0] = FormatVersion;
        BinaryPrimitives.WriteUInt64LittleEndian(header[1..], fingerprint);
        buffer.Advance(HeaderLength);
    }

    /// <summary>Begins with all that another record has.</summary>
    public void GoOn(ReadOnlySpan<byte> record)
    {
        Clear();
        WriteAll(record);
    }

    /// <summary>All that another record has; nothing where it is empty.</summary>
    public void WriteAll(ReadOnlySpan<byte> record)
    {
        if (!record.IsEmpty)
        {
            buffer.Write(record[HeaderLength..]);
        }
    }

    /// <summary>The record written so far, or empty when it has no feature.</summary>
    public byte[] ToArray() => buffer.WrittenCount == HeaderLength ? [] : buffer.WrittenSpan.ToArray();

    /// <summary>An id or a number that is an integer.</summary>
    public void Write(int featureId, long value)
    {
        WriteHead(featureId, FeatureValueType.Integer);
        buffer.WriteInteger(value);
    }

    /// <summary>A real number.</summary>
    public void Write(int featureId, double value)
    {
        WriteHead(featureId, FeatureValueType.Number);
        BinaryPrimitives.WriteDoubleLittleEndian(buffer.GetSpan(8), value);
        buffer.Advance(8);
    }

    /// <summary>An id given as text.</summary>
    public void Write(int featureId, string value)
    {
        WriteHead(featureId, FeatureValueType.Text);
        buffer.WriteText(value);
    }

    /// <summary>A list of ids given as integers.</summary>
    public void WriteList(int featureId, ReadOnlySpan<long> values, ReadOnlySpan<float> weights = default)
    {
        WriteHead(featureId, weights.IsEmpty ? FeatureValueType.IntegerList : FeatureValueType.WeightedIntegerList);
        buffer.WriteVarint((ulong)values.Length);
        foreach (var value in values)
        {
            buffer.WriteInteger(value);
        }

        WriteWeights(weights, values.Length);
    }

    /// <summary>A list of ids given as text.</summary>
    public void WriteList(int featureId, IReadOnlyList<string> values, ReadOnlySpan<float> weights = default)
    {
        WriteHead(featureId, weights.IsEmpty ? FeatureValueType.TextList : FeatureValueType.WeightedTextList);
        buffer.WriteVarint((ulong)values.Count);
        foreach (var value in values)
        {
            buffer.WriteText(value);
        }

        WriteWeights(weights, values.Count);
    }

    /// <summary>A sequence.</summary>
    /// <param name="featureId">The feature.</param>
    /// <param name="entries">How many entries there are.</param>
    /// <param name="columns">Cells an entry.</param>
    /// <param name="cells">As <see cref="SequenceCells"/> wrote them.</param>
    public void WriteSequence(int featureId, int entries, int columns, ReadOnlySpan<byte> cells)
    {
        WriteHead(featureId, FeatureValueType.Sequence);
        buffer.WriteVarint((ulong)(VarintLength(entries) + VarintLength(columns) + cells.Length));
        buffer.WriteVarint((ulong)entries);
        buffer.WriteVarint((ulong)columns);
        buffer.Write(cells);
    }

    /// <summary>A value as another record has it, byte for byte.</summary>
    public void WriteRaw(int featureId, FeatureValueType type, ReadOnlySpan<byte> value)
    {
        WriteHead(featureId, type);
        buffer.Write(value);
    }

    private void WriteHead(int featureId, FeatureValueType type)
    {
        buffer.WriteVarint((ulong)featureId);
        buffer.WriteByte((byte)type);
    }

    private void WriteWeights(ReadOnlySpan<float> weights, int count)
    {
        if (!weights.IsEmpty && weights.Length != count)
        {
            throw new ArgumentException($"{weights.Length} weights for {count} values: give one weight for each value.", nameof(weights));
        }

        foreach (var weight in weights)
        {
            BinaryPrimitives.WriteSingleLittleEndian(buffer.GetSpan(4), weight);
            buffer.Advance(4);
        }
    }

    private static int VarintLength(int value) => (38 - BitOperations.LeadingZeroCount((uint)value | 1)) / 7;
}
