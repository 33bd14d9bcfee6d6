using Ranking.Core;
using Ranking.Streaming;

namespace Ranking.Benchmarks;

/// <summary>
/// An hour of a log as Kafka holds it: requests with 50 items of 20 raw features each, some of them shown, a tenth of
/// those clicked, a tenth of those converted, on four partitions.
/// </summary>
internal sealed class JoinLog
{
    public const int Items = 50;
    public const int Features = 20;
    public const int Partitions = 4;
    private const long Start = 1_700_000_000_000;
    private const long Hour = 3_600_000;

    private readonly List<(LogTopic Topic, int Partition, long Time, byte[] Value)> records = [];

    public JoinLog(int requests, int shown)
    {
        var random = new Random(1);
        for (var request = 0; request < requests; request++)
        {
            Request(random, $"request-{request:x8}", $"user-{random.Next(requests / 4)}", Start + (Hour * request / requests), shown);
        }

        records.Sort((a, b) => a.Time.CompareTo(b.Time));
        foreach (var partition in All)
        {
            Add(partition.Partition, new EndEvent(Start + (2 * Hour)), partition.Topic);
        }
    }

    public static IEnumerable<LogPartition> All =>
        from topic in Enum.GetValues<LogTopic>() from partition in Enumerable.Range(0, Partitions) select new LogPartition(topic, partition);

    /// <summary>Impressions, clicks and conversions.</summary>
    public int Events { get; private set; }

    public int Impressions { get; private set; }

    public double ServedBytes => records.Where(record => record.Topic == LogTopic.Served).Average(record => record.Value.Length);

    /// <summary>The records in the order in which they come, each decoded when it is asked for.</summary>
    public IEnumerable<LogEntry> Decode()
    {
        var offsets = new long[2 * Partitions];
        foreach (var (topic, partition, time, value) in records)
        {
            yield return new LogEntry
            {
                Position = new LogPosition(new LogPartition(topic, partition), offsets[((int)topic * Partitions) + partition]++),
                BrokerTime = time,
                Value = value,
                Event = LogRecordCodec.Decode(value),
            };
        }
    }

    private void Request(Random random, string request, string user, long time, int shown)
    {
        var partition = UserPartition.Of(user, Partitions);
        var items = Enumerable.Range(0, Items).Select(_ => $"item-{random.Next(100_000)}").ToArray();
        Add(partition, new ServedEvent(time, user)
        {
            RequestId = request,
            Model = "r",
            Version = "1",
            UserFeatures = Record(random),
            ContextFeatures = Record(random),
            Items = [.. items.Select((item, i) => new ServedItem(item, 1f / (1 + i), 1, Record(random), default))],
            Returned = Items,
        });
        foreach (var item in items.Distinct().Take(shown))
        {
            var seen = time + random.Next(30_000);
            Add(partition, new ImpressionEvent(seen, user) { RequestId = request, ItemId = item });
            Impressions++;
            Events++;
            if (random.Next(10) == 0)
            {
                Outcome(seen + random.Next(300_000), "click");
                if (random.Next(10) == 0)
                {
                    Outcome(seen + 300_000 + random.Next(1_500_000), "conversion");
                }
            }

            void Outcome(long at, string name)
            {
                Add(partition, new OutcomeEvent(at, user) { RequestId = request, ItemId = item, Name = name });
                Events++;
            }
        }
    }

    private void Add(int partition, LogEvent record, LogTopic? topic = null) => records.Add(
        (topic ?? (record is ServedEvent ? LogTopic.Served : LogTopic.Events), partition, record.EventTime, LogRecordCodec.Encode(record)));

    private static byte[] Record(Random random)
    {
        var writer = new FeatureRecordWriter(1);
        for (var feature = 1; feature <= Features; feature++)
        {
            writer.Write(feature, random.NextInt64(1_000_000));
        }

        return writer.ToArray();
    }
}
