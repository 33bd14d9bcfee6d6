using Microsoft.Extensions.Configuration;

namespace Ranking.Server.Tests;

public class ServerOptionsTests
{
    [Fact]
    public void Get_FromConfiguration_TakesEveryKindOfSetting()
    {
        var options = Bind(new()
        {
            ["Ranking:Models:0"] = "main",
            ["Ranking:ModelStore"] = "/models",
            ["Ranking:DefaultDeadline"] = "00:00:02",
            ["Ranking:Redis:Endpoints:0"] = "redis:6379",
            ["Ranking:Kafka:BootstrapServers"] = "kafka:9092",
        });

        Assert.Equal(["main"], options.Models);
        Assert.Equal(["redis:6379"], options.Redis.Endpoints);
        Assert.Equal(TimeSpan.FromSeconds(2), options.DefaultDeadline);
        Assert.Equal("kafka:9092", options.Kafka!.BootstrapServers);
        Assert.Empty(options.Validate());
    }

    [Fact]
    public void Validate_ManyFaults_ReportsEach()
    {
        var faults = Bind(new()
        {
            ["Ranking:MaxCandidates"] = "0",
            ["Ranking:PollInterval"] = "00:00:00",
            ["Ranking:DefaultModel"] = "none",
            ["Ranking:Redis:Connections"] = "1",
            ["Ranking:RestSamplingRate"] = "1.5",
            ["Ranking:Kafka:BootstrapServers"] = "kafka",
        }).Validate();

        string[] expected = ["Models is empty", "DefaultModel", "MaxCandidates", "PollInterval", "RestSamplingRate", "Redis.Connections", "Kafka.BootstrapServers"];
        Assert.Equal(expected.Length, faults.Length);
        Assert.All(expected, part => Assert.Contains(faults, fault => fault.Contains(part, StringComparison.Ordinal)));
    }

    [Fact]
    public void Validate_KafkaWithoutServers_SaysWhatIsMissing()
    {
        var faults = Bind(new() { ["Ranking:Models:0"] = "main", ["Ranking:Kafka:Namespace"] = "shop" }).Validate();

        Assert.StartsWith("Kafka.BootstrapServers is not set", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ValueThatIsNoneOfItsType_IsRefusedWithCode2() =>
        Assert.Equal(2, await ServerHost.RunAsync(["--Ranking:SwapPatience=soon"]));

    private static ServerOptions Bind(Dictionary<string, string?> settings) =>
        ServerOptions.From(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
}
