using Ranking.Core;
using Ranking.Streaming;
using Ranking.Testing;

namespace Ranking.Events.Tests;

/// <summary>The random log through real Kafka, with restarts at any point, against the batch join over the same records.</summary>
public sealed class KafkaJoinTests(KafkaFixture kafka) : IClassFixture<KafkaFixture>
{
    private static readonly JoinSpec Spec = new() { MemoryEntries = 50 };

    // After every event time, as the broker's clock is.
    private const long FarLater = 4_000_000_000_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 4_000)]
    [InlineData(2, 300)]
    [InlineData(3, 70)]
    public async Task Process_LogInKafkaReadInPieces_EqualsTheBatchJoin(int seed, int restartEvery)
    {
        var settings = new KafkaSettings { BootstrapServers = kafka.Bootstrap, Namespace = $"join{seed}" };
        using var topics = new KafkaTopics(settings);
        await topics.CreateAsync(new TopicOptions { Partitions = 4 });
        var log = Readable(new RandomLog(seed, requests: 400));
        await using (var publisher = new KafkaEventPublisher(settings))
        {
            await publisher.AppendAsync([.. log.Select(entry => (entry.Position.Partition, entry.Event!))], Cancellation);
        }

        var joined = new Joined();
        var (state, positions) = (Array.Empty<byte>(), (await topics.ReadStartAsync()).Select(at => MergePosition.Start(at.Partition, at.Offset)).ToList());
        for (var isEnded = false; !isEnded;)
        {
            (state, positions, isEnded) = await Run(settings, joined, state, positions, restartEvery);
        }

        var expected = BatchJoin.Run(log, RandomLog.Tasks, Spec);
        Assert.Equal(expected.Settlements, joined.Settlements);
        Assert.Equal(expected.Examples, joined.Examples);
        Assert.True(joined.Examples.Count > 1_000);
    }

    // One life of a trainer: from a checkpoint over some records to the next one, then it forgets everything.
    private static async Task<(byte[] State, List<MergePosition> Positions, bool IsEnded)> Run(
        KafkaSettings settings, Joined joined, byte[] state, List<MergePosition> positions, int records)
    {
        using var spill = new MemorySpill();
        var join = new LabelJoin(RandomLog.Tasks, Spec, joined, joined, spill);
        if (state.Length > 0)
        {
            join.Load(new MemoryStream(state));
        }

        await using var source = KafkaEventLog.Open(settings, [.. positions.Select(at => new LogPosition(at.Partition, at.Offset))]);
        var merged = new MergedLog(source, new EventMerge(positions, Spec.MaxAhead, bufferLimit: 100));
        while (records > 0 && await merged.FillAsync(TimeSpan.FromSeconds(1), Cancellation))
        {
            while (records > 0 && merged.TryTake(out var record))
            {
                join.Process(record);
                records--;
            }
        }

        if (merged.Merge.IsEnded)
        {
            join.End();
        }

        using var saved = new MemoryStream();
        join.Save(saved);
        return (saved.ToArray(), [.. merged.Merge.Positions], merged.Merge.IsEnded);
    }

    // What a producer can write, at the offsets that it gets, with the broker's time of now.
    private static List<LogEntry> Readable(RandomLog log) =>
    [
        .. log.Entries.Where(entry => entry.Event is not null).GroupBy(entry => entry.Position.Partition).SelectMany(group => group.Select((entry, offset) => new LogEntry
        {
            Position = new LogPosition(group.Key, offset), BrokerTime = FarLater, Event = WithRealFeatures(entry.Event!),
        })),
    ];

    // Through Kafka features have to be feature records.
    private static LogEvent WithRealFeatures(LogEvent record) => record switch
    {
        ImpressionEvent { Features: not null } impression => impression with { Features = new FeatureRecords(Record(9), default, default, default) },
        ServedEvent served => served with
        {
            UserFeatures = Record(1),
            ContextFeatures = Record(2),
            Items = [.. served.Items.Select((item, i) => item with { Features = Record(10 + i), PairFeatures = Record(4) })],
        },
        _ => record,
    };

    private static byte[] Record(long value)
    {
        var writer = new FeatureRecordWriter(1);
        writer.Write(1, value);
        return writer.ToArray();
    }
}
