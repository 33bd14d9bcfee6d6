using System.Text;
using Confluent.Kafka;
using Ranking.Core;

namespace Ranking.Streaming;

/// <summary>
/// The dead-letter topic: the record's own bytes, with the headers <c>reason</c>, <c>topic</c>, <c>partition</c> and
/// <c>offset</c> of where it stood. One that fills a message by itself leaves no room for them: its letter is empty.
/// </summary>
public sealed class KafkaDeadLetters : IDeadLetters, IDisposable
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(10);

    private readonly KafkaSettings settings;
    private readonly IProducer<byte[]?, byte[]> producer;
    private DeliveryCount written = new();

    /// <exception cref="ArgumentException">The settings have faults; all of them are named.</exception>
    public KafkaDeadLetters(KafkaSettings settings)
    {
        this.settings = settings;
        producer = KafkaClients.Producer(settings, new KafkaErrors(settings));
    }

    /// <inheritdoc/>
    public void Write(LogPosition position, string reason, LogEntry entry)
    {
        var message = new Message<byte[]?, byte[]>
        {
            Value = entry.Value.Length <= LogRecordCodec.MaxBytes ? entry.Value.ToArray() : [],
            Headers =
            [
                new Header("reason", Encoding.UTF8.GetBytes(reason)),
                new Header("topic", Encoding.UTF8.GetBytes(settings.TopicOf(position.Partition.Topic))),
                new Header("partition", Encoding.UTF8.GetBytes($"{position.Partition.Partition}")),
                new Header("offset", Encoding.UTF8.GetBytes($"{position.Offset}")),
            ],
        };
        written.Expect();
        while (true)
        {
            try
            {
                producer.Produce(settings.DeadLetterTopic, message, written.Report);
                return;
            }
            catch (ProduceException<byte[]?, byte[]> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
            {
                producer.Flush(CloseTimeout);
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ServiceUnreachableException">Kafka did not take one.</exception>
    public async ValueTask FlushAsync(CancellationToken cancellation)
    {
        var flushed = Interlocked.Exchange(ref written, new DeliveryCount());
        if (await flushed.Wait().WaitAsync(cancellation).ConfigureAwait(false) is { } reason)
        {
            throw new ServiceUnreachableException($"Kafka at {settings.BootstrapServers} did not take a dead letter into {settings.DeadLetterTopic}: {reason}");
        }
    }

    /// <summary>Waits ten seconds at most for what is not flushed, and closes.</summary>
    public void Dispose()
    {
        producer.Flush(CloseTimeout);
        producer.Dispose();
    }
}
