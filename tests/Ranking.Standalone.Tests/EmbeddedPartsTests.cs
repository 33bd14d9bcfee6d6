using Confluent.Kafka;
using StackExchange.Redis;

namespace Ranking.Standalone.Tests;

public class EmbeddedPartsTests
{
    [Fact]
    public async Task EmbeddedRedis_StringsWithTimeToLive_AreKept()
    {
        using var server = EmbeddedRedis.Start();
        await using var client = await ConnectionMultiplexer.ConnectAsync(server.Endpoint);
        var database = client.GetDatabase();
        await database.StringSetAsync("key", new byte[] { 1, 2, 3 }, TimeSpan.FromSeconds(60));
        Assert.Equal([1, 2, 3], (byte[]?)await database.StringGetAsync("key"));
        Assert.InRange((await database.KeyTimeToLiveAsync("key"))!.Value.TotalSeconds, 1, 60);
    }

    [Fact]
    public async Task EmbeddedBroker_TwoAtOnce_AreApart()
    {
        using var first = EmbeddedBroker.Start(["served"]);
        using var second = EmbeddedBroker.Start(["served"]);
        Assert.NotEqual(first.BootstrapServers, second.BootstrapServers);
        await Produce(first, "one");
        Assert.Equal("one", ConsumeOne(first));
    }

    [Fact]
    public void EmbeddedBroker_Topics_HaveItsPartitions()
    {
        using var broker = EmbeddedBroker.Start(["served", "events"]);
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers }).Build();
        var topics = admin.GetMetadata(TimeSpan.FromSeconds(10)).Topics;
        Assert.Equal(["events", "served"], topics.Select(topic => topic.Topic).Order());
        Assert.All(topics, topic => Assert.Equal(EmbeddedBroker.Partitions, topic.Partitions.Count));
    }

    private static async Task Produce(EmbeddedBroker broker, string value)
    {
        var config = new ProducerConfig { BootstrapServers = broker.BootstrapServers, EnableIdempotence = true };
        using var producer = new ProducerBuilder<Null, string>(config).Build();
        await producer.ProduceAsync(new TopicPartition("served", 1), new Message<Null, string> { Value = value });
    }

    private static string ConsumeOne(EmbeddedBroker broker)
    {
        var config = new ConsumerConfig { BootstrapServers = broker.BootstrapServers, GroupId = "test" };
        using var consumer = new ConsumerBuilder<Null, string>(config).Build();
        consumer.Assign(new TopicPartitionOffset("served", 1, 0));
        return consumer.Consume(TimeSpan.FromSeconds(20)).Message.Value;
    }
}
