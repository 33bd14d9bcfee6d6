namespace Ranking.Testing.Tests;

public sealed class KafkaFixtureTests(KafkaFixture kafka) : IClassFixture<KafkaFixture>
{
    [Fact]
    public async Task CreateTopic_WithConfiguration_IsThereWithIt()
    {
        var bootstrap = kafka.Bootstrap;

        await kafka.CreateTopic("served", 4, "message.timestamp.type=LogAppendTime");

        var described = await kafka.Command("tool", "topics", "--bootstrap-server", bootstrap, "--describe", "--topic", "served");
        Assert.Contains("PartitionCount: 4", described, StringComparison.Ordinal);
        Assert.Contains("message.timestamp.type=LogAppendTime", described, StringComparison.Ordinal);
    }
}
