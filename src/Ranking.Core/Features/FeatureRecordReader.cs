using System.Buffers.Binary;

namespace Ranking.Core;

/// <summary>Walks the values of a feature record. Ids that the caller's schema lacks are for the caller to skip.</summary>
/// <remarks>Reading throws <see cref="FormatException"/> on a record that is cut short or of another format.</remarks>
public ref struct FeatureRecordReader
{
    private ReadOnlySpan<byte> rest;

    /// <param name="record">A record as <see cref="FeatureRecordWriter"/> wrote it; empty has no features.</param>
    public FeatureRecordReader(ReadOnlySpan<byte> record)
    {
        if (record.IsEmpty)
        {
            return;
        }

        if (record.Length < FeatureRecordWriter.HeaderLength || record[0] != FeatureRecordWriter.FormatVersion)
        {
            throw new FormatException(
                $"a feature record of format {record[0]} and {record.Length} bytes: this version reads format "
                + $"{FeatureRecordWriter.FormatVersion}; write the features again.");
        }

        Fingerprint = BinaryPrimitives.ReadUInt64LittleEndian(record[1..]);
        rest = record[FeatureRecordWriter.HeaderLength..];
    }

    /// <summary>The fingerprint of the schema that the record was written by.</summary>
    public ulong Fingerprint { get; }

    /// <summary>The current value's feature.</summary>
    public int FeatureId { get; private set; }

    /// <summary>The current value's type.</summary>
    public FeatureValueType Type { get; private set; }

    /// <summary>The current value's bytes.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Moves to the next value; false at the end.</summary>
    public bool Read()
    {
        if (rest.IsEmpty)
        {
            return false;
        }

        FeatureId = (int)TakeVarint(ref rest);
        if (rest.IsEmpty)
        {
            throw CutShort();
        }

        Type = (FeatureValueType)rest[0];
        rest = rest[1..];
        var length = LengthOf(Type, rest);
        if (length > rest.Length)
        {
            throw CutShort();
        }

        Value = rest[..length];
        rest = rest[length..];
        return true;
    }

    /// <summary>Reads one varint from the front of the span.</summary>
    public static ulong TakeVarint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var i = 0; i < bytes.Length && i < 10; i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return value;
            }
        }

        throw CutShort();
    }

    /// <summary>Reads one integer from the front of the span.</summary>
    public static long TakeInteger(ref ReadOnlySpan<byte> bytes)
    {
        var value = TakeVarint(ref bytes);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>Reads one text from the front of the span, as UTF-8.</summary>
    public static ReadOnlySpan<byte> TakeText(scoped ref ReadOnlySpan<byte> bytes)
    {
        var length = TakeVarint(ref bytes);
        if (length > (ulong)bytes.Length)
        {
            throw CutShort();
        }

        var text = bytes[..(int)length];
        bytes = bytes[(int)length..];
        return text;
    }

    /// <summary>How many of the bytes are a value of that type.</summary>
    internal static int LengthOf(FeatureValueType type, ReadOnlySpan<byte> bytes)
    {
        var after = bytes;
        switch (type)
        {
            case FeatureValueType.Integer:
                TakeVarint(ref after);
                break;
            case FeatureValueType.Text:
                TakeText(ref after);
                break;
            case FeatureValueType.Number:
                return 8;
            case FeatureValueType.IntegerList or FeatureValueType.WeightedIntegerList:
                for (var count = TakeVarint(ref after); count > 0; count--)
                {
                    TakeVarint(ref after);
                }

                break;
            case FeatureValueType.TextList or FeatureValueType.WeightedTextList:
                for (var count = TakeVarint(ref after); count > 0; count--)
                {
                    TakeText(ref after);
                }

                break;
            case >= FeatureValueType.Sequence:
                TakeText(ref after);
                break;
            default:
                throw new FormatException($"value type {(byte)type} in a feature record: there is none.");
        }

        var length = bytes.Length - after.Length;
        if (type is FeatureValueType.WeightedIntegerList or FeatureValueType.WeightedTextList)
        {
            var counted = bytes;
            length += 4 * (int)TakeVarint(ref counted);
        }

        return length;
    }

    internal static FormatException CutShort() => new("a feature record is cut short.");
}
