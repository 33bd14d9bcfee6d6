using Confluent.Kafka;
using Ranking.Core;

namespace Ranking.Streaming.Tests;

/// <summary>librdkafka's own broker in the process, which <c>standalone</c> runs on: it speaks less of the protocol than a real one.</summary>
public sealed class EmbeddedBrokerTests : IDisposable
{
    private readonly IProducer<Null, Null> cluster;
    private readonly KafkaSettings settings;

    public EmbeddedBrokerTests()
    {
        var config = new ClientConfig { AllowAutoCreateTopics = true };
        config.Set("test.mock.num.brokers", "1");
        cluster = new ProducerBuilder<Null, Null>(config).SetLogHandler((_, _) => { }).Build();
        using var admin = new DependentAdminClientBuilder(cluster.Handle).Build();
        var broker = admin.GetMetadata(TimeSpan.FromSeconds(10)).Brokers[0];
        settings = new KafkaSettings { BootstrapServers = $"{broker.Host}:{broker.Port}" };
        foreach (var name in new[] { settings.TopicOf(LogTopic.Served), settings.TopicOf(LogTopic.Events), settings.DeadLetterTopic })
        {
            admin.GetMetadata(name, TimeSpan.FromSeconds(10));
        }
    }

    public void Dispose() => cluster.Dispose();

    [Fact]
    public async Task ReadAsync_EmbeddedBroker_GivesWhatWasAppendedUpToTheEnd()
    {
        using var topics = new KafkaTopics(settings);
        var start = await topics.ReadStartAsync();
        Assert.All(await topics.DescribeAsync(), topic => Assert.Equal(start.Length / 2, topic.Partitions));
        await KafkaLogs.Append(settings, [.. start.Select(position => (position.Partition, (LogEvent)new HeartbeatEvent(7)))]);
        await using var log = KafkaEventLog.Open(settings, start, await topics.ReadEndAsync());
        var read = await KafkaLogs.Read(log, int.MaxValue);
        Assert.Equal(start.Length, read.Count(entry => entry.Event is HeartbeatEvent));
        Assert.Equal(start.Length, read.Count(entry => entry.Event is EndEvent));
    }
}
