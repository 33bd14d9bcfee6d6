using Confluent.Kafka;

namespace Ranking.Standalone;

/// <summary>
/// A broker of the Kafka protocol inside this process, on a free loopback port: librdkafka's mock cluster. Good for a
/// demonstration, not for data that counts: it keeps the newest <see cref="KeptBytes"/> of a partition, in memory.
/// </summary>
public sealed class EmbeddedBroker : IDisposable
{
    /// <summary>How many partitions every topic has; the mock cluster knows no other number.</summary>
    public const int Partitions = 4;

    /// <summary>Bytes that a partition keeps; older records are forgotten, read or not.</summary>
    public const int KeptBytes = 5 * 1024 * 1024;

    private static readonly TimeSpan MetadataTimeout = TimeSpan.FromSeconds(10);

    // The cluster lives as long as the client that asked for it.
    private readonly IProducer<Null, Null> owner;

    private EmbeddedBroker(IProducer<Null, Null> owner, string bootstrapServers)
    {
        this.owner = owner;
        BootstrapServers = bootstrapServers;
    }

    /// <summary>Where clients connect: host:port.</summary>
    public string BootstrapServers { get; }

    /// <summary>Starts the broker.</summary>
    /// <param name="topics">The topics that it has from the start, each with <see cref="Partitions"/> partitions.</param>
    /// <exception cref="InvalidOperationException">The broker did not start, or made a topic otherwise.</exception>
    public static EmbeddedBroker Start(IEnumerable<string> topics)
    {
        var config = new ClientConfig { AllowAutoCreateTopics = true };
        config.Set("test.mock.num.brokers", "1");
        // The cluster says on standard error that it is a mock; whoever started it knows.
        var owner = new ProducerBuilder<Null, Null>(config).SetLogHandler((_, _) => { }).Build();
        try
        {
            using var admin = new DependentAdminClientBuilder(owner.Handle).Build();
            foreach (var topic in topics)
            {
                Create(admin, topic);
            }

            var broker = admin.GetMetadata(MetadataTimeout).Brokers[0];
            return new EmbeddedBroker(owner, $"{broker.Host}:{broker.Port}");
        }
        catch (KafkaException e)
        {
            owner.Dispose();
            throw new InvalidOperationException($"the embedded broker did not start: {e.Error.Reason}.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => owner.Dispose();

    // The mock cluster answers no CreateTopics: it makes a topic when it is first asked about it.
    private static void Create(IAdminClient admin, string topic)
    {
        var made = admin.GetMetadata(topic, MetadataTimeout).Topics[0];
        if (made.Error.IsError || made.Partitions.Count != Partitions)
        {
            throw new InvalidOperationException(
                $"the embedded broker made topic '{topic}' with {made.Partitions.Count} partitions instead of {Partitions} ({made.Error.Reason}).");
        }
    }
}
