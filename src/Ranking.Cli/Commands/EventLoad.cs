using Ranking.Configuration;
using Ranking.Core;
using Ranking.Files;
using Ranking.Streaming;

namespace Ranking.Cli;

/// <summary>What a load wrote into one partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Records">Records written.</param>
/// <param name="Faulty">Records that could not be read from the file; they are in the dead-letter topic, with the reason.</param>
internal sealed record LoadedPartition(string Partition, long Records, long Faulty);

/// <summary>Writes a log from files into topics, partition by partition, so that offsets are those of the file.</summary>
internal sealed class EventLoad
{
    private const int ChunkSize = 1_000;

    private readonly IReadOnlyList<LogPartition> partitions;
    private readonly Func<LogPartition, IEnumerable<LogEntry>> read;
    private readonly KafkaSettings kafka;
    private readonly int topicPartitions;

    private EventLoad(IReadOnlyList<LogPartition> partitions, Func<LogPartition, IEnumerable<LogEntry>> read, KafkaSettings kafka, int topicPartitions)
    {
        this.partitions = partitions;
        this.read = read;
        this.kafka = kafka;
        this.topicPartitions = topicPartitions;
    }

    /// <summary>Prepares a load.</summary>
    /// <param name="jobPath">The job file.</param>
    /// <param name="folder">The folder of a log at rest; null for the job's table.</param>
    /// <param name="brokers">Where Kafka is; null for the environment's.</param>
    public static EventLoad Open(string jobPath, string? folder, string? brokers)
    {
        var job = JobFile.Load(jobPath);
        var kafka = SharedOptions.KafkaSettings(job, brokers);
        if (folder is not null)
        {
            var file = LogFile.Open(folder);
            return new EventLoad(file.Partitions, file.Read, kafka, job.Topics.Partitions);
        }

        var sources = job.Sources ?? throw new ArgumentException($"{jobPath} declares no sources: add them, or give a log at rest with --log.");
        // The table is dealt to as many partitions as the topics have.
        var table = TableEventLog.Open(sources with { Log = sources.Log with { Partitions = job.Topics.Partitions } }, job.Model.Schema);
        return new EventLoad(table.Partitions, table.Read, kafka, job.Topics.Partitions);
    }

    /// <summary>Writes everything.</summary>
    /// <exception cref="InvalidOperationException">The topics are not there, or have another number of partitions.</exception>
    public async Task<IReadOnlyList<LoadedPartition>> RunAsync(IProgress<double> progress, CancellationToken cancellation)
    {
        await CheckTopicsAsync();
        await using var publisher = new KafkaEventPublisher(kafka);
        using var deadLetters = new KafkaDeadLetters(kafka);
        var loaded = new List<LoadedPartition>();
        foreach (var partition in partitions)
        {
            loaded.Add(await LoadAsync(publisher, deadLetters, partition, cancellation));
            progress.Report((double)loaded.Count / partitions.Count);
        }

        return loaded;
    }

    private async Task<LoadedPartition> LoadAsync(KafkaEventPublisher publisher, KafkaDeadLetters deadLetters, LogPartition partition, CancellationToken cancellation)
    {
        long records = 0, faulty = 0;
        foreach (var chunk in read(partition).Chunk(ChunkSize))
        {
            (LogPartition, LogEvent)[] good = [.. chunk.Where(entry => entry.Event is not null).Select(entry => (partition, entry.Event!))];
            await publisher.AppendAsync(good, cancellation);
            foreach (var entry in chunk.Where(entry => entry.Event is null))
            {
                deadLetters.Write(entry.Position, entry.Fault!, entry);
            }

            await deadLetters.FlushAsync(cancellation);
            records += good.Length;
            faulty += chunk.Length - good.Length;
        }

        return new LoadedPartition(partition.ToString(), records, faulty);
    }

    private async Task CheckTopicsAsync()
    {
        using var topics = new KafkaTopics(kafka);
        var wrong = (await topics.DescribeAsync()).Take(2).Where(topic => topic.Partitions != topicPartitions).ToArray();
        if (wrong.Length > 0)
        {
            throw new InvalidOperationException(string.Join("; ", wrong.Select(topic => topic.Partitions == 0
                ? $"topic {topic.Name} does not exist: create it with 'ranking topics create'"
                : $"topic {topic.Name} has {topic.Partitions} partitions, the job declares {topicPartitions}: change the job, or take another namespace")));
        }

        var most = partitions.Max(partition => partition.Partition) + 1;
        if (most > topicPartitions)
        {
            throw new InvalidOperationException($"the log has {most} partitions, the job's topics have {topicPartitions}: declare topics.partitions: {most}.");
        }
    }
}
