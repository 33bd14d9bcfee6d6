using System.Runtime.InteropServices;
using System.Text;
using Ranking.Core;

namespace Ranking.Events;

/// <summary>The byte form of pending entries: little endian, everything of variable length with its length before it.</summary>
internal sealed class EntryWriter(Stream stream) : BinaryWriter(stream, Encoding.UTF8, leaveOpen: true)
{
    public void WriteKey(UInt128 value)
    {
        Write((ulong)(value >> 64));
        Write((ulong)value);
    }

    public void WritePosition(LogPosition position)
    {
        Write((byte)position.Partition.Topic);
        Write(position.Partition.Partition);
        Write(position.Offset);
    }

    public void WriteBlock(ReadOnlyMemory<byte> bytes)
    {
        Write7BitEncodedInt(bytes.Length);
        Write(bytes.Span);
    }

    public void WriteFeatures(in FeatureRecords records)
    {
        WriteBlock(records.User);
        WriteBlock(records.Context);
        WriteBlock(records.Item);
        WriteBlock(records.Pair);
    }

    public void WriteSingles(float[] values)
    {
        Write7BitEncodedInt(values.Length);
        Write(MemoryMarshal.AsBytes(values.AsSpan()));
    }
}

/// <summary>Reads what <see cref="EntryWriter"/> wrote.</summary>
internal sealed class EntryReader(Stream stream) : BinaryReader(stream, Encoding.UTF8, leaveOpen: true)
{
    public UInt128 ReadKey() => new(ReadUInt64(), ReadUInt64());

    public LogPosition ReadPosition() => new(new LogPartition((LogTopic)ReadByte(), ReadInt32()), ReadInt64());

    public byte[] ReadBlock()
    {
        var bytes = new byte[Read7BitEncodedInt()];
        BaseStream.ReadExactly(bytes);
        return bytes;
    }

    public FeatureRecords ReadFeatures() => new(ReadBlock(), ReadBlock(), ReadBlock(), ReadBlock());

    public float[] ReadSingles()
    {
        var values = new float[Read7BitEncodedInt()];
        BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
