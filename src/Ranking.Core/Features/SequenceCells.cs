using System.Buffers;
using System.Buffers.Binary;

namespace Ranking.Core;

/// <summary>Writes the cells of a sequence, entry by entry, each with its columns in order: a type (1 byte) and a value.</summary>
public sealed class SequenceCells
{
    private readonly ArrayBufferWriter<byte> buffer = new(64);

    /// <summary>The cells written so far; valid until the next is.</summary>
    public ReadOnlySpan<byte> Written => buffer.WrittenSpan;

    /// <summary>Begins anew.</summary>
    public void Clear() => buffer.ResetWrittenCount();

    /// <summary>A cell without a value.</summary>
    public void AddMissing() => buffer.WriteByte(0);

    /// <summary>An id or a time.</summary>
    public void Add(long value)
    {
        buffer.WriteByte((byte)FeatureValueType.Integer);
        buffer.WriteInteger(value);
    }

    /// <summary>A real number.</summary>
    public void Add(double value)
    {
        buffer.WriteByte((byte)FeatureValueType.Number);
        BinaryPrimitives.WriteDoubleLittleEndian(buffer.GetSpan(8), value);
        buffer.Advance(8);
    }

    /// <summary>An id given as text.</summary>
    public void Add(string value)
    {
        buffer.WriteByte((byte)FeatureValueType.Text);
        buffer.WriteText(value);
    }

    /// <summary>A value as a record has it, byte for byte.</summary>
    public void AddRaw(FeatureValueType type, ReadOnlySpan<byte> value)
    {
        buffer.WriteByte((byte)type);
        buffer.Write(value);
    }

    /// <summary>Cells as they were written before.</summary>
    public void Append(ReadOnlySpan<byte> cells) => buffer.Write(cells);
}
