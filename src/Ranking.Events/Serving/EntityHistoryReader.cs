using System.Buffers.Binary;
using Ranking.Core;

namespace Ranking.Events;

/// <summary>Reads what <see cref="EntityHistoryWriter"/> wrote, in place. Not thread-safe; holds one entity's state at a time.</summary>
/// <param name="layout">The tables and sequences that it was written under.</param>
/// <param name="owner">Whether it is users' or items'.</param>
internal sealed class EntityHistoryReader(HistoryLayout layout, TableOwner owner)
{
    private readonly (int Start, int Rows)[] tables = new (int, int)[layout.TablesOf(owner).Length];
    private ReadOnlyMemory<byte> bytes;
    private int end;

    /// <summary>The place in the log that the state is of; null where there is none.</summary>
    public HistoryPosition? Position { get; private set; }

    /// <summary>Takes an entity's state in. What is not of this format, or of other declarations, counts as none.</summary>
    /// <param name="stored">What the store had; empty for nothing.</param>
    public void Load(ReadOnlyMemory<byte> stored)
    {
        var isReadable = TryPlace(stored.Span);
        bytes = isReadable ? stored : default;
        Position = isReadable ? PositionOf(stored.Span) : null;
    }

    /// <summary>A key's row, the time of its last event and its numbers; empty where there is none.</summary>
    public ReadOnlyMemory<byte> Find(KeyTable table, ulong key)
    {
        if (bytes.IsEmpty)
        {
            return default;
        }

        var (start, count) = tables[layout.IndexOf(table)];
        var width = WidthOf(table);
        var (low, high) = (0, count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var row = bytes.Slice(start + (middle * width), width);
            var found = BinaryPrimitives.ReadUInt64LittleEndian(row.Span);
            if (found == key)
            {
                return row[8..];
            }

            (low, high) = found < key ? (middle + 1, high) : (low, middle - 1);
        }

        return default;
    }

    /// <summary>Writes the sequences that have not expired into a user's record.</summary>
    public void WriteSequences(FeatureRecordWriter to, long time)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        var rest = bytes.Span[end..];
        foreach (var sequence in layout.Sequences)
        {
            var (added, entries, length) = SequenceHead(rest);
            if (entries > 0 && added + sequence.Expire >= time)
            {
                to.WriteSequence(sequence.FeatureId, entries, sequence.Columns, rest.Slice(EntityHistory.SequenceHead, length));
            }

            rest = rest[(EntityHistory.SequenceHead + length)..];
        }
    }

    // Finds where each table's rows begin; false where the bytes are not what the layout says.
    private bool TryPlace(ReadOnlySpan<byte> stored)
    {
        end = EntityHistory.HeadLength + (4 * tables.Length);
        if (stored.Length < end
            || BinaryPrimitives.ReadUInt32LittleEndian(stored) != EntityHistory.Magic
            || BinaryPrimitives.ReadInt32LittleEndian(stored[4..]) != EntityHistory.Format)
        {
            return false;
        }

        for (var i = 0; i < tables.Length; i++)
        {
            var rows = BinaryPrimitives.ReadInt32LittleEndian(stored[(EntityHistory.HeadLength + (4 * i))..]);
            tables[i] = (end, rows);
            end += rows * WidthOf(layout.TablesOf(owner)[i]);
        }

        var at = end;
        for (var left = owner == TableOwner.User ? layout.Sequences.Length : 0; left > 0 && at + EntityHistory.SequenceHead <= stored.Length; left--)
        {
            at += EntityHistory.SequenceHead + SequenceHead(stored[at..]).Length;
        }

        return at == stored.Length;
    }

    private static int WidthOf(KeyTable table) => EntityHistory.RowHead + (8 * table.Width);

    private static (long Added, int Entries, int Length) SequenceHead(ReadOnlySpan<byte> at) =>
        (BinaryPrimitives.ReadInt64LittleEndian(at), BinaryPrimitives.ReadInt32LittleEndian(at[8..]), BinaryPrimitives.ReadInt32LittleEndian(at[12..]));

    private static HistoryPosition PositionOf(ReadOnlySpan<byte> head) => new(
        BinaryPrimitives.ReadInt64LittleEndian(head[8..]),
        new LogPosition(
            new LogPartition((LogTopic)BinaryPrimitives.ReadInt32LittleEndian(head[16..]), BinaryPrimitives.ReadInt32LittleEndian(head[20..])),
            BinaryPrimitives.ReadInt64LittleEndian(head[24..])));
}
