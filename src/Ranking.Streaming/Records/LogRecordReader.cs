using Google.Protobuf;
using Google.Protobuf.Collections;
using Ranking.Contracts.V1;
using Ranking.Core;

namespace Ranking.Streaming;

/// <summary>Messages as events, with everything checked that later parts rely on.</summary>
internal static class LogRecordReader
{
    private const long LatestTime = 253_402_300_799_999;

    public static LogEvent ToEvent(LogRecord record)
    {
        Require(record.EventTimeMs is > 0 and <= LatestTime, "event_time_ms", record.EventTimeMs, "Unix milliseconds above 0, before the year 10000");
        return record.KindCase switch
        {
            LogRecord.KindOneofCase.Served => Served(record),
            LogRecord.KindOneofCase.Impression => Impression(record),
            LogRecord.KindOneofCase.Outcome => Outcome(record),
            LogRecord.KindOneofCase.Heartbeat => new HeartbeatEvent(record.EventTimeMs),
            LogRecord.KindOneofCase.End => new EndEvent(record.EventTimeMs),
            _ => throw new FormatException("kind is not set: one of served, impression, outcome, heartbeat, end."),
        };
    }

    private static ServedEvent Served(LogRecord record)
    {
        var served = record.Served;
        var count = served.ItemIds.Count;
        Text(served.RequestId, "served.request_id");
        Columns(served.ItemFeatures.Count, count, "served.item_features");
        Columns(served.PairFeatures.Count, count, "served.pair_features");
        Columns(served.Scores.Count, count, "served.scores");
        Columns(served.Propensities.Count, count, "served.propensities");
        Columns(served.ItemHistory.Count, count, "served.item_history");
        var positions = new HistoryPositions(served);
        Require(served.Returned <= count, "served.returned", served.Returned, $"at most the {count} item_ids");
        var items = new ServedItem[count];
        for (var i = 0; i < count; i++)
        {
            items[i] = new ServedItem(
                Text(served.ItemIds[i], "served.item_ids"),
                served.Scores.Count > 0 ? served.Scores[i] : 0,
                served.Propensities.Count > 0 ? served.Propensities[i] : 1,
                At(served.ItemFeatures, i, "served.item_features"),
                At(served.PairFeatures, i, "served.pair_features"))
            {
                History = served.ItemHistory.Count > 0 ? positions.At(served.ItemHistory[i], "served.item_history") : null,
            };
        }

        return new ServedEvent(record.EventTimeMs, Text(record.UserId, "user_id"))
        {
            RequestId = served.RequestId,
            Model = served.Model,
            Version = served.Version,
            Experiment = served.Experiment,
            PolicyId = served.PolicyId,
            UserFeatures = Features(served.UserFeatures, "served.user_features"),
            ContextFeatures = Features(served.ContextFeatures, "served.context_features"),
            Items = items,
            Returned = (int)served.Returned,
            RestSamplingRate = served.RestSamplingRate,
            UserHistory = positions.At(served.UserHistory, "served.user_history"),
            AttributeHistory = positions.At(served.AttributeHistory, "served.attribute_history"),
        };
    }

    private static ImpressionEvent Impression(LogRecord record)
    {
        var impression = record.Impression;
        var weight = impression.HasWeight ? impression.Weight : 1;
        var rate = impression.HasSamplingRate ? impression.SamplingRate : 1;
        Require(float.IsFinite(weight) && weight >= 0, "impression.weight", weight, "a finite number of 0 or more");
        Require(rate is > 0 and <= 1, "impression.sampling_rate", rate, "above 0 and at most 1");
        Require(impression.Position < int.MaxValue, "impression.position", impression.Position, "a position from 0");
        return new ImpressionEvent(record.EventTimeMs, Text(record.UserId, "user_id"))
        {
            RequestId = Text(impression.RequestId, "impression.request_id"),
            ItemId = Text(impression.ItemId, "impression.item_id"),
            Position = impression.HasPosition ? (int)impression.Position : null,
            Weight = weight,
            SamplingRate = rate,
            Features = impression.Features is { } own
                ? new FeatureRecords(
                    Features(own.User, "impression.features.user"),
                    Features(own.Context, "impression.features.context"),
                    Features(own.Item, "impression.features.item"),
                    Features(own.Pair, "impression.features.pair"))
                : null,
            Split = impression.Split,
        };
    }

    private static OutcomeEvent Outcome(LogRecord record) => new(record.EventTimeMs, Text(record.UserId, "user_id"))
    {
        RequestId = Text(record.Outcome.RequestId, "outcome.request_id"),
        ItemId = Text(record.Outcome.ItemId, "outcome.item_id"),
        Name = Text(record.Outcome.Name, "outcome.name"),
        Value = record.Outcome.HasValue ? record.Outcome.Value : double.NaN,
    };

    private static ReadOnlyMemory<byte> At(RepeatedField<ByteString> column, int row, string field) =>
        column.Count > 0 ? Features(column[row], field) : default;

    // Walked once here, so that a broken record is a dead letter and not a failure in the middle of training.
    private static ReadOnlyMemory<byte> Features(ByteString bytes, string field)
    {
        try
        {
            var reader = new FeatureRecordReader(bytes.Span);
            while (reader.Read())
            {
            }
        }
        catch (FormatException fault)
        {
            throw new FormatException($"{field}: {fault.Message}", fault);
        }

        return bytes.Memory;
    }

    private static void Columns(int count, int items, string field) =>
        Require(count == 0 || count == items, field, count, $"as many entries as item_ids, {items}, or none");

    private static string Text(string value, string field)
    {
        if (value.Length == 0)
        {
            throw new FormatException($"{field} is empty: set it.");
        }

        return value;
    }

    private static void Require<T>(bool isFine, string field, T value, string expected)
    {
        if (!isFine)
        {
            throw new FormatException($"{field} is {value}: expected {expected}.");
        }
    }
}
