using Ranking.Core;
using Ranking.Testing;

namespace Ranking.Streaming.Tests;

/// <summary>A broker that takes TLS and a SCRAM login only.</summary>
public sealed class SecuredKafkaFixture : KafkaFixture
{
    private TestCertificate? certificate;

    /// <summary>The authority that signed the broker's certificate.</summary>
    public string CaPath => (certificate ??= new TestCertificate(Folder)).CertificatePath;

    /// <inheritdoc/>
    protected override IEnumerable<string> Arguments => ["--scram", "alice:secret", "--tls", (certificate ??= new TestCertificate(Folder)).ServerPath];
}

public sealed class KafkaSecurityTests(SecuredKafkaFixture kafka) : IClassFixture<SecuredKafkaFixture>
{
    [Fact]
    public async Task Open_ScramOverTls_WritesAndReads()
    {
        var settings = Settings("secret");
        using var topics = new KafkaTopics(settings);
        await topics.CreateAsync(new TopicOptions { Partitions = 1 });
        await KafkaLogs.Append(settings, (KafkaLogs.Events(0), KafkaLogs.Outcome(9, "u")));
        await using var log = KafkaEventLog.Open(settings, await topics.ReadStartAsync());
        Assert.Equal(KafkaLogs.Outcome(9, "u"), Assert.Single(await KafkaLogs.Read(log, 1)).Event);
    }

    [Fact]
    public async Task DescribeAsync_WrongPassword_IsRefused()
    {
        using var topics = new KafkaTopics(Settings("guess"));
        var fault = await Assert.ThrowsAsync<ServiceUnreachableException>(topics.DescribeAsync);
        Assert.Contains("SASL authentication error", fault.Message, StringComparison.Ordinal);
    }

    private KafkaSettings Settings(string password) => new()
    {
        BootstrapServers = kafka.Bootstrap,
        Namespace = $"t{Guid.NewGuid():N}",
        Security = KafkaSecurity.SaslSsl,
        User = "alice",
        Password = password,
        CaPath = kafka.CaPath,
    };
}
