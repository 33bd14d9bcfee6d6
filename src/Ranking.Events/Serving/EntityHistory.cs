using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Ranking.Core;

namespace Ranking.Events;

/// <summary>
/// The state of a user or an item as the feature store has it. Layout, little endian: a head of 32 bytes (magic, format,
/// order time, topic, partition, offset), then for each table of that owner the number of its rows (4 bytes), then the
/// rows, each with its key, the time of its last event and its numbers (8 bytes each), ascending by key; then for each
/// sequence the time of its newest entry (8), the entries (4), the length of their cells (4), and the cells.
/// </summary>
internal static class EntityHistory
{
    public const uint Magic = 0x5348_4B52; // "RKHS"
    public const int Format = 1;
    public const int HeadLength = 32;
    public const int RowHead = 16;
    public const int SequenceHead = 16;
}

/// <summary>Writes the state of users and items, one after another.</summary>
internal sealed class EntityHistoryWriter
{
    private readonly ArrayBufferWriter<byte> rows = new();
    private readonly ArrayBufferWriter<byte> counts = new();
    private readonly ArrayBufferWriter<byte> sequences = new();

    /// <summary>The rows of one owner in the next table.</summary>
    public void AddTable(KeyTable table, ulong owner)
    {
        var keys = table.KeysOf(owner);
        BinaryPrimitives.WriteInt32LittleEndian(counts.GetSpan(4), keys.Count);
        counts.Advance(4);
        foreach (var key in keys)
        {
            table.TryFind(key, out var touched, out var numbers);
            BinaryPrimitives.WriteUInt64LittleEndian(rows.GetSpan(8), key);
            rows.Advance(8);
            BinaryPrimitives.WriteInt64LittleEndian(rows.GetSpan(8), touched);
            rows.Advance(8);
            rows.Write(MemoryMarshal.AsBytes(numbers));
        }
    }

    /// <summary>The next sequence.</summary>
    public void AddSequence(long added, int entries, ReadOnlySpan<byte> cells)
    {
        var head = sequences.GetSpan(16);
        BinaryPrimitives.WriteInt64LittleEndian(head, added);
        BinaryPrimitives.WriteInt32LittleEndian(head[8..], entries);
        BinaryPrimitives.WriteInt32LittleEndian(head[12..], cells.Length);
        sequences.Advance(16);
        sequences.Write(cells);
    }

    /// <summary>What was added, as it stands at a place of the log; begins anew.</summary>
    public byte[] End(in HistoryPosition position)
    {
        var bytes = new byte[EntityHistory.HeadLength + counts.WrittenCount + rows.WrittenCount + sequences.WrittenCount];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, EntityHistory.Magic);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), EntityHistory.Format);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), position.OrderTime);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), (int)position.Record.Partition.Topic);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), position.Record.Partition.Partition);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), position.Record.Offset);
        var at = EntityHistory.HeadLength;
        foreach (var part in (ReadOnlySpan<ArrayBufferWriter<byte>>)[counts, rows, sequences])
        {
            part.WrittenSpan.CopyTo(bytes.AsSpan(at));
            at += part.WrittenCount;
            part.ResetWrittenCount();
        }

        return bytes;
    }
}
