namespace Ranking.Events;

/// <summary>An impression's pending state as bytes.</summary>
internal static class ImpressionEntryCodec
{
    public static void Write(EntryWriter writer, ImpressionEntry entry)
    {
        EntryCodec.WriteHead(writer, EntryCodec.Impression, entry);
        writer.Write(entry.IsKnown);
        writer.Write(entry.IsComplete);
        writer.Write(entry.IsReconstructed);
        writer.WritePosition(entry.Position);
        writer.Write(entry.Time);
        writer.Write(entry.Place);
        writer.Write7BitEncodedInt(entry.Shown + 1 ?? 0);
        writer.Write(entry.User);
        writer.Write(entry.Item);
        writer.Write(entry.UserId);
        writer.Write(entry.ItemId);
        writer.WriteFeatures(entry.Features);
        writer.Write(entry.Weight);
        writer.Write(entry.SamplingRate);
        writer.Write(entry.Split);
        writer.Write(entry.Seen);
        writer.Write(entry.Labels);
        writer.Write(entry.Emitted);
        writer.WriteSingles(entry.Predicted);
        WriteOutcomes(writer, entry.Waiting);
        WriteOutcomes(writer, entry.Uncounted);
    }

    public static ImpressionEntry Read(EntryReader reader, UInt128 key, JoinDue due)
    {
        var entry = new ImpressionEntry
        {
            Key = key,
            Due = due,
            IsKnown = reader.ReadBoolean(),
            IsComplete = reader.ReadBoolean(),
            IsReconstructed = reader.ReadBoolean(),
            Position = reader.ReadPosition(),
            Time = reader.ReadInt64(),
            Place = reader.ReadInt64(),
            Shown = reader.Read7BitEncodedInt() is > 0 and var place ? place - 1 : null,
            User = reader.ReadUInt64(),
            Item = reader.ReadUInt64(),
            UserId = reader.ReadString(),
            ItemId = reader.ReadString(),
            Features = reader.ReadFeatures(),
            Weight = reader.ReadSingle(),
            SamplingRate = reader.ReadSingle(),
            Split = reader.ReadString(),
            Seen = reader.ReadUInt32(),
            Labels = reader.ReadUInt32(),
            Emitted = reader.ReadUInt32(),
            Predicted = reader.ReadSingles(),
        };
        entry.Waiting = ReadOutcomes(reader);
        entry.Uncounted = ReadOutcomes(reader);
        return entry;
    }

    private static void WriteOutcomes(EntryWriter writer, List<PendingOutcome>? outcomes)
    {
        writer.Write7BitEncodedInt(outcomes?.Count ?? 0);
        foreach (var outcome in outcomes ?? [])
        {
            writer.Write7BitEncodedInt(outcome.Name);
            writer.Write(outcome.Time);
            writer.Write(outcome.OrderTime);
            writer.WritePosition(outcome.Position);
            writer.Write(outcome.Value);
        }
    }

    private static List<PendingOutcome>? ReadOutcomes(EntryReader reader)
    {
        List<PendingOutcome>? outcomes = null;
        for (var count = reader.Read7BitEncodedInt(); count > 0; count--)
        {
            (outcomes ??= []).Add(new PendingOutcome(
                reader.Read7BitEncodedInt(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadPosition(), reader.ReadDouble()));
        }

        return outcomes;
    }
}
