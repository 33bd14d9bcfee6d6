namespace Ranking.Events;

/// <summary>The join's pending state as bytes: a head, the counts, then every entry in the order of its due time.</summary>
internal static class JoinState
{
    private const uint Magic = 0x4E4A_4B52; // "RKJN"
    private const int FormatVersion = 4;

    public static void Write(
        Stream stream, string declaration, long arrivals, ImpressionFold impressions, JoinLedger ledger, JoinStore store, HistoryFold? history)
    {
        using var writer = new EntryWriter(stream);
        writer.Write(Magic);
        writer.Write(FormatVersion);
        writer.Write(declaration);
        writer.Write(arrivals);
        writer.Write(impressions.NextSequence);
        ledger.Write(writer);
        foreach (var entry in store.ReadAll())
        {
            writer.WriteBlock(entry);
        }

        writer.WriteBlock(ReadOnlyMemory<byte>.Empty);
        history?.Write(writer);
    }

    /// <returns>How many records have arrived.</returns>
    /// <exception cref="InvalidDataException">Other bytes, another format version, or other tasks.</exception>
    public static long Read(
        Stream stream, string declaration, ImpressionFold impressions, JoinLedger ledger, JoinStore store, HistoryFold? history)
    {
        using var reader = new EntryReader(stream);
        var (magic, version) = (reader.ReadUInt32(), reader.ReadInt32());
        if (magic != Magic || version != FormatVersion)
        {
            throw new InvalidDataException(
                $"join state begins with 0x{magic:X8} and format {version}, not 0x{Magic:X8} and {FormatVersion}: it is damaged or of another version; take the checkpoint before.");
        }

        var declared = reader.ReadString();
        if (declared != declaration)
        {
            throw new InvalidDataException($"join state was made under '{declared}', not under '{declaration}': start without the checkpoint, or declare the tasks as they were.");
        }

        var arrivals = reader.ReadInt64();
        impressions.NextSequence = reader.ReadInt64();
        ledger.Read(reader);
        store.Load(Entries(reader));
        history?.Read(reader);
        return arrivals;
    }

    private static IEnumerable<byte[]> Entries(EntryReader reader)
    {
        while (reader.ReadBlock() is { Length: > 0 } entry)
        {
            yield return entry;
        }
    }
}
