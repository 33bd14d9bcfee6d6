using Ranking.Core;
using Ranking.Testing;

namespace Ranking.Streaming.Tests;

/// <summary>A log of its own for each test, on a shared cluster.</summary>
internal static class KafkaLogs
{
    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<KafkaSettings> Create(KafkaFixture kafka, int partitions = 2)
    {
        var settings = new KafkaSettings { BootstrapServers = kafka.Bootstrap, Namespace = $"t{Guid.NewGuid():N}" };
        using var topics = new KafkaTopics(settings);
        await topics.CreateAsync(new TopicOptions { Partitions = partitions });
        return settings;
    }

    public static LogPartition Events(int partition) => new(LogTopic.Events, partition);

    public static OutcomeEvent Outcome(long time, string user) => new(time, user) { RequestId = "r", ItemId = "i", Name = "click" };

    public static async Task Append(KafkaSettings settings, params (LogPartition Partition, LogEvent Record)[] records)
    {
        await using var publisher = new KafkaEventPublisher(settings);
        await publisher.AppendAsync(records, Cancellation);
    }

    /// <summary>Reads until so many entries have come, or the log is at its end.</summary>
    public static async Task<List<LogEntry>> Read(KafkaEventLog log, int count)
    {
        var read = new List<LogEntry>();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (read.Count < count && !log.IsAtEnd)
        {
            read.AddRange(await log.ReadAsync(TimeSpan.FromMilliseconds(500), limit.Token));
        }

        return read;
    }
}
