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

    private readonly Func<LogPartition, IEnumerable<LogEntry>> read;
    private readonly IEventLog log;
    private readonly KafkaSettings kafka;
    private readonly int topicPartitions;

    private EventLoad(IEventLog log, Func<LogPartition, IEnumerable<LogEntry>> read, KafkaSettings kafka, int topicPartitions)
    {
        this.log = log;
        this.read = read;
        this.kafka = kafka;
        this.topicPartitions = topicPartitions;
    }

    /// <summary>Prepares a load.</summary>
    /// <param name="jobPath">The job file.</param>
    /// <param name="folder">The folder of a log at rest; null for the job's table.</param>
    /// <param name="brokers">Where Kafka is; null for the environment's.</param>
    /// <param name="progress">Hears how much of a table has been read, 0 to 1.</param>
    public static EventLoad Open(string jobPath, string? folder, string? brokers, IProgress<double> progress)
    {
        var job = JobFile.Load(jobPath);
        var kafka = SharedOptions.KafkaSettings(job, brokers);
        if (folder is not null)
        {
            var file = LogFile.Open(folder);
            return new EventLoad(file, file.Read, kafka, job.Topics.Partitions);
        }

        var sources = job.Sources ?? throw new ArgumentException($"{jobPath} declares no sources: add them, or give a log at rest with --log.");
        // The table is dealt to as many partitions as the topics have.
        var table = TableEventLog.Open(sources with { Log = sources.Log with { Partitions = job.Topics.Partitions } }, job.Model.Schema, progress: progress);
        return new EventLoad(table, table.Read, kafka, job.Topics.Partitions);
    }

    /// <summary>Writes everything.</summary>
    /// <exception cref="InvalidOperationException">The topics are not there, or have another number of partitions.</exception>
    public async Task<IReadOnlyList<LoadedPartition>> RunAsync(IProgress<double> progress, CancellationToken cancellation)
    {
        await CheckTopicsAsync();
        await using var publisher = new KafkaEventPublisher(kafka);
        using var deadLetters = new KafkaDeadLetters(kafka);
        var loaded = new List<LoadedPartition>();
        foreach (var partition in log.Partitions)
        {
            loaded.Add(await LoadAsync(publisher, deadLetters, partition, progress, cancellation));
        }

        return loaded;
    }

    private async Task<LoadedPartition> LoadAsync(
        KafkaEventPublisher publisher, KafkaDeadLetters deadLetters, LogPartition partition, IProgress<double> progress, CancellationToken cancellation)
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
            progress.Report(log.Progress ?? 0);
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

        var most = log.Partitions.Max(partition => partition.Partition) + 1;
        if (most > topicPartitions)
        {
            throw new InvalidOperationException($"the log has {most} partitions, the job's topics have {topicPartitions}: declare topics.partitions: {most}.");
        }
    }
}
