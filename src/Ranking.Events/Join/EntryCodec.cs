namespace Ranking.Events;

/// <summary>Pending entries as bytes: a kind, the fields that both kinds share, then their own.</summary>
internal static class EntryCodec
{
    public const byte Impression = 1;
    public const byte Served = 2;

    public static void WriteHead(EntryWriter writer, byte kind, JoinEntry entry)
    {
        writer.Write(kind);
        writer.WriteKey(entry.Key);
        writer.Write(entry.Due.Time);
        writer.Write(entry.Due.Arrival);
    }

    /// <exception cref="InvalidDataException">The bytes are not those of an entry.</exception>
    public static JoinEntry Read(byte[] bytes)
    {
        using var reader = new EntryReader(new MemoryStream(bytes));
        var kind = reader.ReadByte();
        var (key, due) = (reader.ReadKey(), new JoinDue(reader.ReadInt64(), reader.ReadInt64()));
        return kind switch
        {
            Impression => ImpressionEntryCodec.Read(reader, key, due),
            Served => ServedEntryCodec.Read(reader, key, due),
            _ => throw new InvalidDataException($"a pending entry of kind {kind}: this version knows kinds 1 and 2; take the checkpoint before."),
        };
    }
}
