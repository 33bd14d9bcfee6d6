using Ranking.Core;

namespace Ranking.Events;

/// <summary>A served record's pending state as bytes: of its items only what an impression needs.</summary>
internal static class ServedEntryCodec
{
    public static void Write(EntryWriter writer, ServedEntry entry)
    {
        EntryCodec.WriteHead(writer, EntryCodec.Served, entry);
        writer.Write(entry.IsKnown);
        writer.Write(entry.IsUsed);
        writer.WritePosition(entry.Position);
        writer.WriteBlock(entry.User);
        writer.WriteBlock(entry.Context);
        writer.Write7BitEncodedInt(entry.Items.Count);
        foreach (var item in entry.Items)
        {
            writer.Write(item.ItemId);
            writer.WriteBlock(item.Features);
            writer.WriteBlock(item.PairFeatures);
        }

        writer.Write7BitEncodedInt(entry.Waiting.Count);
        entry.Waiting.ForEach(writer.WriteKey);
    }

    public static ServedEntry Read(EntryReader reader, UInt128 key, JoinDue due)
    {
        var entry = new ServedEntry
        {
            Key = key,
            Due = due,
            IsKnown = reader.ReadBoolean(),
            IsUsed = reader.ReadBoolean(),
            Position = reader.ReadPosition(),
            User = reader.ReadBlock(),
            Context = reader.ReadBlock(),
        };
        var items = new ServedItem[reader.Read7BitEncodedInt()];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = new ServedItem(reader.ReadString(), 0, 0, reader.ReadBlock(), reader.ReadBlock());
        }

        entry.Items = items;
        for (var count = reader.Read7BitEncodedInt(); count > 0; count--)
        {
            entry.Waiting.Add(reader.ReadKey());
        }

        return entry;
    }
}
