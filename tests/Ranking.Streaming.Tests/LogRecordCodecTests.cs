using CsCheck;
using Google.Protobuf;
using Ranking.Contracts.V1;
using Ranking.Core;

namespace Ranking.Streaming.Tests;

public sealed class LogRecordCodecTests
{
    private static readonly Gen<string> Id = Gen.String[Gen.Char.AlphaNumeric, 1, 12];
    private static readonly Gen<long> Time = Gen.Long[1, 4_000_000_000_000];

    [Fact]
    public void Decode_EncodedImpression_GivesItBack() => Gen.Select(Time, Id, Id, Id, Gen.Int[-1, 1_000], Gen.Float[0, 10], Gen.Float[0.001f, 1], Gen.Bool).Sample(
        (time, user, request, item, position, weight, rate, hasOwn) =>
        {
            var impression = new ImpressionEvent(time, user)
            {
                RequestId = request,
                ItemId = item,
                Position = position < 0 ? null : position,
                Weight = weight,
                SamplingRate = rate,
                Split = "train",
                Features = hasOwn ? new FeatureRecords(Record(1), default, Record(2), Record(3)) : null,
            };
            var decoded = Assert.IsType<ImpressionEvent>(LogRecordCodec.Decode(LogRecordCodec.Encode(impression)));
            Assert.Equal(impression with { Features = null }, decoded with { Features = null });
            Assert.Equal(hasOwn, decoded.Features is not null);
            Assert.Equal(impression.Features?.Item.ToArray(), decoded.Features?.Item.ToArray());
            Assert.Equal(impression.Features?.Context.ToArray(), decoded.Features?.Context.ToArray());
        });

    [Fact]
    public void Decode_EncodedServed_GivesItBack() => Gen.Select(Time, Id, Id, Id.HashSet[0, 8], Gen.Float[0, 1]).Sample(
        (time, user, request, items, propensity) =>
        {
            var served = new ServedEvent(time, user)
            {
                RequestId = request,
                Model = "m",
                Version = "7",
                Experiment = "e",
                PolicyId = "p",
                UserFeatures = Record(1),
                ContextFeatures = Record(2),
                Items = [.. items.Select((item, i) => new ServedItem(item, i, propensity, Record(3 + i), default) { History = PositionOf(i % 3) })],
                UserHistory = PositionOf(items.Count % 4),
                AttributeHistory = PositionOf(1),
                Returned = items.Count / 2,
                RestSamplingRate = 0.25f,
            };
            var decoded = Assert.IsType<ServedEvent>(LogRecordCodec.Decode(LogRecordCodec.Encode(served)));
            Assert.Equal(
                (served.RequestId, served.Model, served.Version, served.Experiment, served.PolicyId, served.Returned, served.RestSamplingRate),
                (decoded.RequestId, decoded.Model, decoded.Version, decoded.Experiment, decoded.PolicyId, decoded.Returned, decoded.RestSamplingRate));
            Assert.Equal(served.UserFeatures.ToArray(), decoded.UserFeatures.ToArray());
            Assert.Equal(
                served.Items.Select(item => (item.ItemId, item.Score, item.Propensity, Convert.ToHexString(item.Features.Span), item.History)),
                decoded.Items.Select(item => (item.ItemId, item.Score, item.Propensity, Convert.ToHexString(item.Features.Span), item.History)));
            Assert.Equal((served.UserHistory, served.AttributeHistory), (decoded.UserHistory, decoded.AttributeHistory));
        });

    [Fact]
    public void Decode_HistoryThatTheListLacks_NamesTheField()
    {
        var record = new LogRecord { EventTimeMs = 1, UserId = "u", Served = new Served { RequestId = "r", UserHistory = 3 } };
        var failure = Assert.Throws<FormatException>(() => LogRecordCodec.Decode(record.ToByteArray()));
        Assert.Equal("served.user_history is 3: give 0, or a place among the 0 history_positions.", failure.Message);
    }

    // 0 is none.
    private static Ranking.Core.HistoryPosition? PositionOf(int number) =>
        number == 0 ? null : new(1_000 + number, new LogPosition(new LogPartition(LogTopic.Events, number), 10L * number));

    [Fact]
    public void Decode_EncodedOutcomeHeartbeatEnd_GivesThemBack()
    {
        LogEvent[] records =
        [
            new OutcomeEvent(5, "u") { RequestId = "r", ItemId = "i", Name = "click" },
            new OutcomeEvent(5, "u") { RequestId = "r", ItemId = "i", Name = "buy", Value = 0 },
            new HeartbeatEvent(6),
            new EndEvent(7),
        ];
        Assert.All(records, record => Assert.Equal(record, LogRecordCodec.Decode(LogRecordCodec.Encode(record))));
    }

    [Fact]
    public void Decode_AnyBytes_GivesAnEventOrAFormatException() => Gen.Byte.Array[0, 64].Sample(bytes =>
    {
        try
        {
            Assert.True(LogRecordCodec.Decode(bytes).EventTime > 0);
        }
        catch (FormatException fault)
        {
            Assert.NotEmpty(fault.Message);
        }
    });

    public static TheoryData<LogRecord, string> Faulty => new()
    {
        { new LogRecord { UserId = "u", Heartbeat = new Heartbeat() }, "event_time_ms is 0: expected Unix milliseconds above 0, before the year 10000." },
        { new LogRecord { EventTimeMs = long.MaxValue, UserId = "u", Heartbeat = new Heartbeat() }, "event_time_ms is 9223372036854775807: expected" },
        { new LogRecord { EventTimeMs = 1, UserId = "u" }, "kind is not set: one of served, impression, outcome, heartbeat, end." },
        { Valid(record => record.UserId = ""), "user_id is empty: set it." },
        { Valid(record => record.Impression.ItemId = ""), "impression.item_id is empty: set it." },
        { Valid(record => record.Impression.Weight = float.NaN), "impression.weight is NaN: expected a finite number of 0 or more." },
        { Valid(record => record.Impression.SamplingRate = 0), "impression.sampling_rate is 0: expected above 0 and at most 1." },
        { Valid(record => record.Impression.Features = new ImpressionFeatures { Item = ByteString.CopyFrom(9, 9) }), "impression.features.item: a feature record of format 9" },
        { ValidServed(served => served.ItemFeatures.Add(ByteString.Empty)), "served.item_features is 1: expected as many entries as item_ids, 2, or none." },
        { ValidServed(served => served.Returned = 3), "served.returned is 3: expected at most the 2 item_ids." },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void ToEvent_FaultyRecord_NamesFieldValueAndFix(LogRecord record, string expected)
    {
        var fault = Assert.Throws<FormatException>(() => LogRecordCodec.ToEvent(record));
        Assert.StartsWith(expected, fault.Message, StringComparison.Ordinal);
    }

    private static LogRecord Valid(Action<LogRecord> change)
    {
        var record = new LogRecord { EventTimeMs = 1, UserId = "u", Impression = new Impression { RequestId = "r", ItemId = "i" } };
        change(record);
        return record;
    }

    private static LogRecord ValidServed(Action<Served> change)
    {
        var record = new LogRecord { EventTimeMs = 1, UserId = "u", Served = new Served { RequestId = "r", ItemIds = { "a", "b" } } };
        change(record.Served);
        return record;
    }

    private static byte[] Record(int value)
    {
        var writer = new FeatureRecordWriter(1);
        writer.Write(4, (long)value);
        return writer.ToArray();
    }
}
