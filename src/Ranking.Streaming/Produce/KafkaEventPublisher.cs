using System.Threading.Channels;
using Confluent.Kafka;
using Ranking.Core;

namespace Ranking.Streaming;

/// <summary>
/// Writes records into the merged topics, keyed by user: idempotent, acknowledged by all in-sync replicas, dealt by
/// Java's partitioner. What is handed over without waiting goes through a bounded queue.
/// </summary>
public sealed class KafkaEventPublisher : IEventPublisher, IAsyncDisposable
{
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan QueueFullPause = TimeSpan.FromMilliseconds(20);

    private readonly KafkaSettings settings;
    private readonly KafkaErrors errors;
    private readonly IProducer<byte[]?, byte[]> producer;
    private readonly Channel<(LogTopic Topic, LogEvent Record)> queue;
    private readonly Task sending;
    private long dropped;
    private long failed;

    /// <param name="settings">Where Kafka is.</param>
    /// <param name="queueLimit">How many records wait at most to be sent. 1 and more; default 10,000.</param>
    /// <exception cref="ArgumentException">The settings have faults; all of them are named.</exception>
    public KafkaEventPublisher(KafkaSettings settings, int queueLimit = 10_000)
    {
        this.settings = settings;
        errors = new KafkaErrors(settings);
        producer = KafkaClients.Producer(settings, errors);
        queue = Channel.CreateBounded<(LogTopic, LogEvent)>(new BoundedChannelOptions(queueLimit) { SingleReader = true });
        sending = Task.Run(SendAsync);
    }

    /// <summary>Records that found the queue full.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Records that were handed over without waiting and that Kafka did not take in the end.</summary>
    public long Failed => Interlocked.Read(ref failed);

    /// <summary>Records that wait to be sent.</summary>
    public int Queued => queue.Reader.Count;

    /// <inheritdoc/>
    public bool TryPublish(LogTopic topic, LogEvent record)
    {
        if (queue.Writer.TryWrite((topic, record)))
        {
            return true;
        }

        Interlocked.Increment(ref dropped);
        return false;
    }

    /// <inheritdoc/>
    /// <exception cref="ServiceUnreachableException">Kafka did not take them all.</exception>
    public async ValueTask PublishAsync(LogTopic topic, IReadOnlyList<LogEvent> records, CancellationToken cancellation) =>
        await WriteAsync(records.Select(record => (new TopicPartition(settings.TopicOf(topic), Partition.Any), record)), cancellation).ConfigureAwait(false);

    /// <summary>
    /// Writes records into named partitions, each in the order given, and waits until the log has them: for a log at
    /// rest, for heartbeats, for ends.
    /// </summary>
    /// <exception cref="ServiceUnreachableException">Kafka did not take them all.</exception>
    public async ValueTask AppendAsync(IReadOnlyList<(LogPartition Partition, LogEvent Record)> records, CancellationToken cancellation) =>
        await WriteAsync(
            records.Select(pair => (new TopicPartition(settings.TopicOf(pair.Partition.Topic), pair.Partition.Partition), pair.Record)),
            cancellation).ConfigureAwait(false);

    /// <summary>Sends what is queued, waits ten seconds at most for Kafka to take it, and closes; a second time does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!queue.Writer.TryComplete())
        {
            return;
        }

        await Task.WhenAny(sending, Task.Delay(FlushTimeout)).ConfigureAwait(false);
        await Task.Run(() => producer.Flush(FlushTimeout)).ConfigureAwait(false);
        producer.Dispose();
    }

    private async Task WriteAsync(IEnumerable<(TopicPartition To, LogEvent Record)> records, CancellationToken cancellation)
    {
        var written = new DeliveryCount();
        foreach (var (to, record) in records)
        {
            written.Expect();
            await SendAsync(to, record, written.Report, cancellation).ConfigureAwait(false);
        }

        if (await written.Wait().WaitAsync(cancellation).ConfigureAwait(false) is { } reason)
        {
            throw new ServiceUnreachableException($"Kafka at {settings.BootstrapServers} did not take a record: {reason}");
        }
    }

    private async Task SendAsync()
    {
        await foreach (var (topic, record) in queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                await SendAsync(new TopicPartition(settings.TopicOf(topic), Partition.Any), record, Count, CancellationToken.None).ConfigureAwait(false);
            }
            catch (ServiceUnreachableException)
            {
                Interlocked.Increment(ref failed);
            }
        }

        void Count(DeliveryReport<byte[]?, byte[]> report)
        {
            if (report.Error.IsError)
            {
                Interlocked.Increment(ref failed);
            }
        }
    }

    // The client's own queue is bounded too: while it is full, we wait.
    private async Task SendAsync(
        TopicPartition to, LogEvent record, Action<DeliveryReport<byte[]?, byte[]>> report, CancellationToken cancellation)
    {
        var message = new Message<byte[]?, byte[]>
        {
            Key = record.UserId.Length > 0 ? System.Text.Encoding.UTF8.GetBytes(record.UserId) : null,
            Value = LogRecordCodec.Encode(record),
        };
        while (true)
        {
            try
            {
                producer.Produce(to, message, report);
                return;
            }
            catch (ProduceException<byte[]?, byte[]> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
            {
                await Task.Delay(QueueFullPause, cancellation).ConfigureAwait(false);
            }
            catch (KafkaException refused)
            {
                throw errors.Wrap(refused);
            }
        }
    }
}
