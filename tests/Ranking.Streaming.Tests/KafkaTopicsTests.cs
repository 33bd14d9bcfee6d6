using Ranking.Testing;

namespace Ranking.Streaming.Tests;

public sealed class KafkaTopicsTests(KafkaFixture kafka) : IClassFixture<KafkaFixture>
{
    [Fact]
    public async Task CreateAsync_NewNamespace_MakesTheTopicsAsDeclaredOnce()
    {
        var settings = new KafkaSettings { BootstrapServers = kafka.Bootstrap, Namespace = $"t{Guid.NewGuid():N}" };
        using var topics = new KafkaTopics(settings);
        var options = new TopicOptions { Partitions = 3, Replication = 1, Retention = TimeSpan.FromHours(5) };
        Assert.All(await topics.CreateAsync(options), topic => Assert.Equal((3, true), (topic.Partitions, topic.WasCreated)));
        Assert.All(await topics.CreateAsync(options), topic => Assert.False(topic.WasCreated));
        foreach (var name in (await topics.DescribeAsync()).Select(topic => topic.Name))
        {
            var configs = await kafka.Command("tool", "configs", "--bootstrap-server", kafka.Bootstrap, "--describe", "--topic", name);
            Assert.Contains("cleanup.policy=delete", configs, StringComparison.Ordinal);
            Assert.Contains("message.timestamp.type=LogAppendTime", configs, StringComparison.Ordinal);
            Assert.Contains("retention.ms=18000000", configs, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task CreateAsync_TopicThatAnotherProgramMade_NamesWhatIsWrongWithIt()
    {
        var settings = new KafkaSettings { BootstrapServers = kafka.Bootstrap, Namespace = $"t{Guid.NewGuid():N}" };
        var name = settings.TopicOf(Ranking.Core.LogTopic.Events);
        await kafka.Command("tool", "topics", "--bootstrap-server", kafka.Bootstrap, "--create", "--topic", name, "--partitions", "2", "--config", "cleanup.policy=compact");
        using var topics = new KafkaTopics(settings);
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => topics.CreateAsync(new TopicOptions { Partitions = 2 }));
        Assert.Contains($"topic {name} has cleanup.policy compact: alter it to delete", fault.Message, StringComparison.Ordinal);
        Assert.Contains($"topic {name} has message.timestamp.type CreateTime: alter it to LogAppendTime", fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await topics.DescribeAsync())[0].Partitions);
    }

    [Fact]
    public async Task CreateAsync_OtherPartitionCount_Throws()
    {
        using var topics = new KafkaTopics(await KafkaLogs.Create(kafka));
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => topics.CreateAsync(new TopicOptions { Partitions = 8 }));
        Assert.Contains("has 2 partitions, not 8", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateAsync_FaultyOptions_NamesThemAll()
    {
        using var topics = new KafkaTopics(new KafkaSettings { BootstrapServers = "127.0.0.1:1" });
        var fault = await Assert.ThrowsAsync<ArgumentException>(() => topics.CreateAsync(new TopicOptions { Partitions = 0, Replication = 0, Retention = TimeSpan.Zero }));
        Assert.All(["Partitions is 0", "Replication is 0", "Retention is 00:00:00"], part => Assert.Contains(part, fault.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ReadStartAsync_NoTopics_SaysHowToMakeThem()
    {
        using var topics = new KafkaTopics(new KafkaSettings { BootstrapServers = kafka.Bootstrap, Namespace = "absent" });
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(topics.ReadStartAsync);
        Assert.Contains("topic absent.served does not exist", fault.Message, StringComparison.Ordinal);
    }
}
