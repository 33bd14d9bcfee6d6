using System.Buffers;
using System.Buffers.Binary;
using Ranking.Core;

namespace Ranking.FeatureStore;

/// <summary>
/// Attributes as bytes, little endian. A head: number, order time, topic and partition (4 each), offset;
/// where it stands alone, its writer (8). A field names a row:
/// table (4), key. Its value: the number of the write, then the state. Changes: a head, then rows as field, length (4), state.
/// </summary>
internal static class AttributeCodec
{
    public const int HeadLength = 32;
    public const int FieldLength = 12;

    public static byte[] HeadOf(long writer, in HistoryHead head)
    {
        var bytes = new byte[HeadLength + sizeof(long)];
        Write(bytes, head);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(HeadLength), writer);
        return bytes;
    }

    // A head of before there were writers has none: whoever claims it is the first.
    public static bool IsBy(long writer, ReadOnlySpan<byte> head) =>
        head.Length > HeadLength && BinaryPrimitives.ReadInt64LittleEndian(head[HeadLength..]) == writer;

    public static HistoryHead Head(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt64LittleEndian(bytes),
        new HistoryPosition(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
            new LogPosition(
                new LogPartition((LogTopic)BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[20..])),
                BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]))));

    public static byte[] Field(in AttributeRow row)
    {
        var bytes = new byte[FieldLength];
        WriteField(bytes, row);
        return bytes;
    }

    public static byte[] Value(long number, ReadOnlySpan<byte> state)
    {
        var bytes = new byte[8 + state.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        state.CopyTo(bytes.AsSpan(8));
        return bytes;
    }

    /// <summary>A row of its field and value, with the number of the write that it is of.</summary>
    public static (long Number, AttributeRow Row) Row(ReadOnlySpan<byte> field, ReadOnlyMemory<byte> value) =>
        (BinaryPrimitives.ReadInt64LittleEndian(value.Span), RowOf(field, value[8..]));

    public static ReadOnlyMemory<byte> Changes(AttributeChanges changes)
    {
        var writer = new ArrayBufferWriter<byte>(HeadLength + changes.Rows.Sum(row => FieldLength + 4 + row.State.Length));
        Write(writer.GetSpan(HeadLength), changes.Head);
        writer.Advance(HeadLength);
        foreach (var row in changes.Rows)
        {
            var head = writer.GetSpan(FieldLength + 4);
            WriteField(head, row);
            BinaryPrimitives.WriteInt32LittleEndian(head[FieldLength..], row.State.Length);
            writer.Advance(FieldLength + 4);
            writer.Write(row.State.Span);
        }

        return writer.WrittenMemory;
    }

    public static AttributeChanges Changes(ReadOnlyMemory<byte> bytes)
    {
        var rows = new List<AttributeRow>();
        for (var rest = bytes[HeadLength..]; !rest.IsEmpty;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(rest.Span[FieldLength..]);
            rows.Add(RowOf(rest.Span, rest.Slice(FieldLength + 4, length)));
            rest = rest[(FieldLength + 4 + length)..];
        }

        return new AttributeChanges(Head(bytes.Span), rows);
    }

    private static AttributeRow RowOf(ReadOnlySpan<byte> field, ReadOnlyMemory<byte> state) =>
        new(BinaryPrimitives.ReadInt32LittleEndian(field), BinaryPrimitives.ReadUInt64LittleEndian(field[4..]), state);

    private static void WriteField(Span<byte> bytes, in AttributeRow row)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes, row.Table);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[4..], row.Key);
    }

    private static void Write(Span<byte> bytes, in HistoryHead head)
    {
        var (time, at) = (head.Position.OrderTime, head.Position.Record);
        BinaryPrimitives.WriteInt64LittleEndian(bytes, head.Number);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], time);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[16..], (int)at.Partition.Topic);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[20..], at.Partition.Partition);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], at.Offset);
    }
}
