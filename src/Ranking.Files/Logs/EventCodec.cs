using Ranking.Core;

namespace Ranking.Files;

/// <summary>Events as bytes, in logs at rest and in the runs of an external sort.</summary>
internal static class EventCodec
{
    private const byte Fault = 0, Served = 1, Impression = 2, Outcome = 3, Heartbeat = 4, End = 5;

    /// <summary>Writes an event, or the reason why there is none.</summary>
    public static void Write(BinaryWriter writer, LogEvent? record, string? fault)
    {
        if (record is null)
        {
            writer.Write(Fault);
            writer.Write(fault ?? "");
            return;
        }

        writer.Write(record switch { ServedEvent => Served, ImpressionEvent => Impression, OutcomeEvent => Outcome, HeartbeatEvent => Heartbeat, _ => End });
        writer.Write(record.EventTime);
        writer.Write(record.UserId);
        switch (record)
        {
            case ServedEvent served:
                WriteServed(writer, served);
                break;
            case ImpressionEvent impression:
                WriteImpression(writer, impression);
                break;
            case OutcomeEvent outcome:
                writer.Write(outcome.RequestId);
                writer.Write(outcome.ItemId);
                writer.Write(outcome.Name);
                writer.Write(outcome.Value);
                break;
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static (LogEvent? Record, string? Fault) Read(BinaryReader reader)
    {
        var kind = reader.ReadByte();
        if (kind == Fault)
        {
            return (null, reader.ReadString());
        }

        var (time, user) = (reader.ReadInt64(), reader.ReadString());
        return (kind switch
        {
            Served => ReadServed(reader, time, user),
            Impression => ReadImpression(reader, time, user),
            Outcome => new OutcomeEvent(time, user) { RequestId = reader.ReadString(), ItemId = reader.ReadString(), Name = reader.ReadString(), Value = reader.ReadDouble() },
            Heartbeat => new HeartbeatEvent(time),
            End => new EndEvent(time),
            _ => throw new InvalidDataException($"an event of kind {kind}: this version knows kinds 0 to {End}."),
        }, null);
    }

    private static void WriteServed(BinaryWriter writer, ServedEvent served)
    {
        writer.Write(served.RequestId);
        writer.Write(served.Model);
        writer.Write(served.Version);
        writer.Write(served.Experiment);
        writer.Write(served.PolicyId);
        WriteBytes(writer, served.UserFeatures);
        WriteBytes(writer, served.ContextFeatures);
        writer.Write7BitEncodedInt(served.Returned);
        writer.Write(served.RestSamplingRate);
        writer.Write7BitEncodedInt(served.Items.Count);
        foreach (var item in served.Items)
        {
            writer.Write(item.ItemId);
            writer.Write(item.Score);
            writer.Write(item.Propensity);
            WriteBytes(writer, item.Features);
            WriteBytes(writer, item.PairFeatures);
            WritePosition(writer, item.History);
        }

        WritePosition(writer, served.UserHistory);
        WritePosition(writer, served.AttributeHistory);
    }

    private static ServedEvent ReadServed(BinaryReader reader, long time, string user)
    {
        var (request, model, version, experiment, policy) = (reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadString());
        var (userFeatures, contextFeatures) = (ReadBytes(reader), ReadBytes(reader));
        var (returned, rate) = (reader.Read7BitEncodedInt(), reader.ReadSingle());
        var items = new ServedItem[reader.Read7BitEncodedInt()];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = new ServedItem(reader.ReadString(), reader.ReadSingle(), reader.ReadSingle(), ReadBytes(reader), ReadBytes(reader)) { History = ReadPosition(reader) };
        }

        return new ServedEvent(time, user)
        {
            RequestId = request,
            Model = model,
            Version = version,
            Experiment = experiment,
            PolicyId = policy,
            UserFeatures = userFeatures,
            ContextFeatures = contextFeatures,
            Returned = returned,
            RestSamplingRate = rate,
            Items = items,
            UserHistory = ReadPosition(reader),
            AttributeHistory = ReadPosition(reader),
        };
    }

    private static void WritePosition(BinaryWriter writer, HistoryPosition? position)
    {
        writer.Write(position is not null);
        if (position is { } known)
        {
            writer.Write(known.OrderTime);
            writer.Write((byte)known.Record.Partition.Topic);
            writer.Write(known.Record.Partition.Partition);
            writer.Write(known.Record.Offset);
        }
    }

    private static HistoryPosition? ReadPosition(BinaryReader reader) => reader.ReadBoolean()
        ? new HistoryPosition(reader.ReadInt64(), new LogPosition(new LogPartition((LogTopic)reader.ReadByte(), reader.ReadInt32()), reader.ReadInt64()))
        : null;

    private static void WriteImpression(BinaryWriter writer, ImpressionEvent impression)
    {
        writer.Write(impression.RequestId);
        writer.Write(impression.ItemId);
        writer.Write7BitEncodedInt(impression.Position + 1 ?? 0);
        writer.Write(impression.Weight);
        writer.Write(impression.SamplingRate);
        writer.Write(impression.Split);
        writer.Write(impression.Features is not null);
        if (impression.Features is { } features)
        {
            WriteBytes(writer, features.User);
            WriteBytes(writer, features.Context);
            WriteBytes(writer, features.Item);
            WriteBytes(writer, features.Pair);
        }
    }

    private static ImpressionEvent ReadImpression(BinaryReader reader, long time, string user) => new(time, user)
    {
        RequestId = reader.ReadString(),
        ItemId = reader.ReadString(),
        Position = reader.Read7BitEncodedInt() is > 0 and var place ? place - 1 : null,
        Weight = reader.ReadSingle(),
        SamplingRate = reader.ReadSingle(),
        Split = reader.ReadString(),
        Features = reader.ReadBoolean() ? new FeatureRecords(ReadBytes(reader), ReadBytes(reader), ReadBytes(reader), ReadBytes(reader)) : null,
    };

    private static void WriteBytes(BinaryWriter writer, ReadOnlyMemory<byte> bytes)
    {
        writer.Write7BitEncodedInt(bytes.Length);
        writer.Write(bytes.Span);
    }

    private static byte[] ReadBytes(BinaryReader reader) => reader.ReadBytes(reader.Read7BitEncodedInt());
}
