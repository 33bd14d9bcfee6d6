using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Ranking.Events;

/// <summary>
/// The stored rows of one user, one item and all attributes. A row is looked for once: many statistics read it, and those of
/// the user do so for every candidate.
/// </summary>
/// <param name="layout">The tables.</param>
/// <param name="tables">How many there are.</param>
internal sealed class StoredRows(HistoryLayout layout, int tables) : IKeyRows
{
    private readonly (bool IsFound, ulong Key, ReadOnlyMemory<byte> Row)[] found = new (bool, ulong, ReadOnlyMemory<byte>)[tables];
    private AttributeHistory? attributes;

    public EntityHistoryReader User { get; } = new(layout, TableOwner.User);

    public EntityHistoryReader Item { get; } = new(layout, TableOwner.Item);

    /// <summary>Takes in what all candidates have in common.</summary>
    public void LoadRequest(ReadOnlyMemory<byte> user, AttributeHistory held)
    {
        Array.Clear(found);
        attributes = held;
        User.Load(user);
    }

    /// <summary>Takes in the next candidate's.</summary>
    public void LoadItem(ReadOnlyMemory<byte> item)
    {
        foreach (var table in layout.TablesOf(TableOwner.Item))
        {
            found[table.Number] = default;
        }

        Item.Load(item);
    }

    public ReadOnlySpan<double> Row(KeyTable table, ulong key, long time)
    {
        ref var known = ref found[table.Number];
        if (!known.IsFound || known.Key != key)
        {
            known = (true, key, table.Owner switch
            {
                TableOwner.User => User.Find(table, key),
                TableOwner.Item => Item.Find(table, key),
                _ => attributes!.Find(table, key),
            });
        }

        var row = known.Row.Span;
        return row.IsEmpty || BinaryPrimitives.ReadInt64LittleEndian(row) + table.Expire < time ? default : MemoryMarshal.Cast<byte, double>(row[8..]);
    }
}
