using Confluent.Kafka;

namespace Ranking.Streaming;

/// <summary>Clients as the settings ask for them.</summary>
internal static class KafkaClients
{
    /// <exception cref="ArgumentException">The settings have faults; all of them are named.</exception>
    public static IConsumer<byte[]?, byte[]?> Consumer(KafkaSettings settings, KafkaErrors errors, bool tellsEnd)
    {
        var config = new ConsumerConfig(Common(settings))
        {
            // Positions are ours; the library only insists on a name.
            GroupId = "ranking",
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            AutoOffsetReset = AutoOffsetReset.Error,
            EnablePartitionEof = tellsEnd,
            QueuedMaxMessagesKbytes = 32 * 1024,
            FetchWaitMaxMs = 50,
        };
        return new ConsumerBuilder<byte[]?, byte[]?>(config).SetErrorHandler((_, error) => errors.Take(error)).SetLogHandler(Ignore).Build();
    }

    /// <exception cref="ArgumentException">The settings have faults; all of them are named.</exception>
    public static IProducer<byte[]?, byte[]> Producer(KafkaSettings settings, KafkaErrors errors)
    {
        var config = new ProducerConfig(Common(settings))
        {
            EnableIdempotence = true,
            Acks = Acks.All,
            Partitioner = Partitioner.Murmur2Random,
            CompressionType = CompressionType.Lz4,
            LingerMs = 5,
            MessageMaxBytes = 1_000_000,
        };
        return new ProducerBuilder<byte[]?, byte[]>(config).SetErrorHandler((_, error) => errors.Take(error)).SetLogHandler(Ignore).Build();
    }

    /// <exception cref="ArgumentException">The settings have faults; all of them are named.</exception>
    public static IAdminClient Admin(KafkaSettings settings, KafkaErrors errors) =>
        new AdminClientBuilder(new AdminClientConfig(Common(settings))).SetErrorHandler((_, error) => errors.Take(error)).SetLogHandler(Ignore).Build();

    // What it logs on standard error by itself comes through the error handler too.
    private static void Ignore(IClient client, LogMessage message)
    {
    }

    private static Dictionary<string, string> Common(KafkaSettings settings)
    {
        var faults = settings.Validate();
        if (faults.Count > 0)
        {
            throw new ArgumentException($"Kafka settings: {string.Join("; ", faults)}.", nameof(settings));
        }

        var config = new ClientConfig
        {
            BootstrapServers = settings.BootstrapServers,
            ClientId = "ranking",
            SecurityProtocol = (SecurityProtocol)(int)settings.Security,
            SslCaLocation = settings.CaPath,
            SslCertificateLocation = settings.CertificatePath,
            SslKeyLocation = settings.KeyPath,
        };
        if (settings.User is not null)
        {
            config.SaslMechanism = settings.SaslMechanism switch
            {
                KafkaSaslMechanism.Plain => SaslMechanism.Plain,
                KafkaSaslMechanism.ScramSha256 => SaslMechanism.ScramSha256,
                _ => SaslMechanism.ScramSha512,
            };
            config.SaslUsername = settings.User;
            config.SaslPassword = settings.Password;
        }

        return config.ToDictionary(pair => pair.Key, pair => pair.Value);
    }
}
