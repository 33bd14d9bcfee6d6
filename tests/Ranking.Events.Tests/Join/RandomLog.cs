using Ranking.Core;

namespace Ranking.Events.Tests;

/// <summary>
/// A random log of four partitions: served records, impressions, clicks and conversions over three hours, a fifth of
/// them repeated, a tenth of the clicks before their impression, some an hour late (inside or beyond the declared
/// lateness), some far from their window, some served records late, missing or without the item, some dead letters.
/// </summary>
internal sealed class RandomLog
{
    private const long Minute = 60_000;
    private const long Start = 1_700_000_000_000;
    private readonly Random random;
    private readonly List<(long Arrival, LogEvent Record)> records = [];

    public RandomLog(int seed, int requests)
    {
        random = new Random(seed);
        for (var r = 0; r < requests; r++)
        {
            Request($"r{r}");
        }

        Entries = [.. Enumerable.Range(0, 4).SelectMany(partition => Partition(partition, LogTopic.Served).Concat(Partition(partition, LogTopic.Events)))];
    }

    /// <summary>Click within 10 minutes, conversion within an hour, both up to an hour late.</summary>
    public static TaskSet Tasks { get; } = new(
    [
        new RankingTask { Name = "ctr", Outcome = "click", Window = TimeSpan.FromMinutes(10), Lateness = TimeSpan.FromHours(1) },
        new RankingTask { Name = "cvr", Outcome = "conversion", Given = "ctr", Window = TimeSpan.FromHours(1), Lateness = TimeSpan.FromHours(1) },
        new RankingTask { Name = "long", Outcome = "click", Window = TimeSpan.FromHours(1), Lateness = TimeSpan.FromHours(1) },
    ]);

    public IReadOnlyList<LogEntry> Entries { get; }

    public static IEnumerable<MergePosition> Positions =>
        from topic in Enum.GetValues<LogTopic>() from partition in Enumerable.Range(0, 4) select MergePosition.Start(new LogPartition(topic, partition));

    /// <summary>The entries in some order that keeps that of each partition, partitions progressing unevenly.</summary>
    public IEnumerable<LogEntry> Interleaved(int seed)
    {
        var order = new Random(seed);
        var queues = Entries.GroupBy(entry => entry.Position.Partition).Select(group => (Queue: new Queue<LogEntry>(group), Burst: order.Next(1, 60))).ToList();
        while (queues.Count > 0)
        {
            var next = queues[order.Next(queues.Count)];
            for (var burst = order.Next(1, next.Burst + 1); burst > 0 && next.Queue.Count > 0; burst--)
            {
                yield return next.Queue.Dequeue();
            }

            queues.RemoveAll(queue => queue.Queue.Count == 0);
        }
    }

    private void Request(string request)
    {
        var time = Start + random.NextInt64(180 * Minute);
        var user = $"u{random.Next(20)}";
        var items = Enumerable.Range(0, random.Next(1, 4)).Select(i => $"i{i}").ToArray();
        if (random.Next(20) != 0)
        {
            var listed = random.Next(15) == 0 ? items[1..] : items;
            Add(Late(time, 60_000 * 3), Log.Served(time, request, listed) with { UserId = user });
        }

        foreach (var item in items)
        {
            var shown = time + random.NextInt64(2 * Minute);
            var impression = random.Next(8) == 0 ? Log.OwnImpression(shown, request, item) : Log.Impression(shown, request, item);
            Add(Late(shown, 0), impression with { UserId = user, Position = shown % 3 == 0 ? null : (int)(shown % 50) });
            Outcomes(request, item, user, shown);
        }
    }

    private void Outcomes(string request, string item, string user, long shown)
    {
        foreach (var (name, reach) in new[] { ("click", 12 * Minute), ("conversion", 65 * Minute), ("scroll", Minute) })
        {
            if (random.Next(3) == 0)
            {
                var time = shown + random.NextInt64(reach) - (random.Next(30) == 0 ? 10 * Minute : 0);
                var arrival = random.Next(10) == 0 ? shown - random.NextInt64(Minute) : Late(time, 0);
                Add(arrival, Log.Outcome(time, request, name, item) with { UserId = user });
            }
        }
    }

    private long Late(long time, long sometimes) => time + random.Next(20) switch
    {
        0 => 60 * Minute,
        1 => 61 * Minute + random.NextInt64(90 * Minute),
        2 or 3 => random.NextInt64(sometimes + 1),
        _ => random.NextInt64(2_000),
    };

    private void Add(long arrival, LogEvent record)
    {
        records.Add((arrival, record));
        if (random.Next(5) == 0)
        {
            records.Add((arrival + random.NextInt64(random.Next(4) == 0 ? 150 * Minute : Minute), record));
        }
    }

    private IEnumerable<LogEntry> Partition(int partition, LogTopic topic)
    {
        var offset = 0L;
        var latest = Start;
        var mine = records.Where(record => record.Record is ServedEvent == (topic == LogTopic.Served) && record.Record.UserId.Length % 2 * 2 + record.Record.UserId[^1] % 2 == partition);
        foreach (var (arrival, record) in mine.OrderBy(record => record.Arrival))
        {
            latest = Math.Max(latest, arrival);
            var entry = Log.Entry(record, partition, offset++, arrival);
            yield return random.Next(40) switch
            {
                0 => new LogEntry { Position = entry.Position, BrokerTime = arrival, Fault = "unreadable" },
                1 => Log.Entry(record with { EventTime = arrival + (6 * Minute) }, partition, entry.Position.Offset, arrival),
                _ => entry,
            };
            if (random.Next(25) == 0)
            {
                yield return At(new HeartbeatEvent(arrival), offset++);
            }
        }

        yield return At(new EndEvent(latest), offset++);

        LogEntry At(LogEvent record, long at) => new()
        {
            Position = new LogPosition(new LogPartition(topic, partition), at),
            BrokerTime = latest,
            Event = record,
        };
    }
}
