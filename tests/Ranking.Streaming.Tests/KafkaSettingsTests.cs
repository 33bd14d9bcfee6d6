using Ranking.Core;

namespace Ranking.Streaming.Tests;

public sealed class KafkaSettingsTests
{
    [Fact]
    public void Validate_Defaults_HasNoFault() => Assert.Empty(new KafkaSettings { BootstrapServers = "a:9092, b.example.org:9093,[::1]:9092" }.Validate());

    [Fact]
    public void Validate_ManyFaults_NamesThemAll()
    {
        var faults = new KafkaSettings
        {
            BootstrapServers = "a:9092,nowhere",
            Namespace = "a b",
            Security = KafkaSecurity.SaslPlaintext,
            SaslMechanism = KafkaSaslMechanism.Plain,
            CertificatePath = "/missing.pem",
        }.Validate();
        Assert.Equal(
            ["BootstrapServers", "Namespace", "User", "Password", "SaslMechanism", "CertificatePath", "CertificatePath", "CertificatePath"],
            faults.Select(fault => fault.Split(' ')[0]));
    }

    [Fact]
    public void Consumer_FaultySettings_ThrowsWithEveryFault()
    {
        var fault = Assert.Throws<ArgumentException>(() => new KafkaEventPublisher(new KafkaSettings { BootstrapServers = "x", Namespace = "" }));
        Assert.Contains("BootstrapServers has 'x'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Namespace is ''", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TopicOf_EachTopic_StandsInTheNamespace()
    {
        var settings = new KafkaSettings { BootstrapServers = "a:1", Namespace = "shop" };
        Assert.Equal(
            ["shop.served", "shop.events", "shop.dead-letters"],
            [settings.TopicOf(LogTopic.Served), settings.TopicOf(LogTopic.Events), settings.DeadLetterTopic]);
    }
}
