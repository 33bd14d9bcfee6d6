using System.Text.RegularExpressions;
using Ranking.Core;

namespace Ranking.Streaming;

/// <summary>Whether the connection to the brokers is encrypted, and whether the client logs in.</summary>
public enum KafkaSecurity
{
    /// <summary>Neither.</summary>
    Plaintext = 0,

    /// <summary>TLS; the client shows a certificate where one is set.</summary>
    Ssl = 1,

    /// <summary>A login over an open connection.</summary>
    SaslPlaintext = 2,

    /// <summary>A login over TLS.</summary>
    SaslSsl = 3,
}

/// <summary>How the client logs in.</summary>
public enum KafkaSaslMechanism
{
    /// <summary>Salted challenge and response (RFC 5802) with SHA-512.</summary>
    ScramSha512 = 0,

    /// <summary>The same with SHA-256.</summary>
    ScramSha256 = 1,

    /// <summary>The password as it is: only over TLS.</summary>
    Plain = 2,
}

/// <summary>Where Kafka is, how to get in, and which topics are ours.</summary>
public sealed partial record KafkaSettings
{
    /// <summary>Brokers to begin with: <c>host:port</c>, several separated by commas.</summary>
    public required string BootstrapServers { get; init; }

    /// <summary>What the topic names begin with: letters, digits, dots, underscores, hyphens; at most 200 characters. Default <c>ranking</c>.</summary>
    public string Namespace { get; init; } = "ranking";

    /// <summary>Encryption and login. Default neither.</summary>
    public KafkaSecurity Security { get; init; }

    /// <summary>How to log in, for the SASL kinds of security. Default SCRAM with SHA-512.</summary>
    public KafkaSaslMechanism SaslMechanism { get; init; }

    /// <summary>The user, for the SASL kinds of security.</summary>
    public string? User { get; init; }

    /// <summary>The password, for the SASL kinds of security.</summary>
    public string? Password { get; init; }

    /// <summary>The authorities to trust, as a PEM file; the system's where unset.</summary>
    public string? CaPath { get; init; }

    /// <summary>The client's certificate, as a PEM file, with <see cref="KeyPath"/>.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>The client's private key, as a PEM file.</summary>
    public string? KeyPath { get; init; }

    /// <summary>The topic of dead letters.</summary>
    public string DeadLetterTopic => $"{Namespace}.dead-letters";

    /// <summary>The name of a merged topic.</summary>
    public string TopicOf(LogTopic topic) => $"{Namespace}.{(topic == LogTopic.Served ? "served" : "events")}";

    /// <summary>Every fault of the settings: field, value, fix. Empty when there is none.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        foreach (var server in BootstrapServers.Split(','))
        {
            Check(ServerPattern().IsMatch(server.Trim()), $"{nameof(BootstrapServers)} has '{server}': write host:port, several separated by commas");
        }

        Check(NamespacePattern().IsMatch(Namespace), $"{nameof(Namespace)} is '{Namespace}': 1 to 200 letters, digits, dots, underscores and hyphens");
        var isSasl = Security is KafkaSecurity.SaslPlaintext or KafkaSecurity.SaslSsl;
        var isTls = Security is KafkaSecurity.Ssl or KafkaSecurity.SaslSsl;
        Check(!isSasl || !string.IsNullOrEmpty(User), $"{nameof(User)} is not set: {nameof(Security)} {Security} logs in");
        Check(!isSasl || !string.IsNullOrEmpty(Password), $"{nameof(Password)} is not set: {nameof(Security)} {Security} logs in");
        Check(isSasl || User is null, $"{nameof(User)} is '{User}', but {nameof(Security)} {Security} does not log in: set SaslSsl or SaslPlaintext");
        Check(
            Security != KafkaSecurity.SaslPlaintext || SaslMechanism != KafkaSaslMechanism.Plain,
            $"{nameof(SaslMechanism)} Plain with {nameof(Security)} SaslPlaintext sends the password in the open: set SaslSsl, or a SCRAM mechanism");
        Check((CertificatePath is null) == (KeyPath is null), $"{nameof(CertificatePath)} is '{CertificatePath}' and {nameof(KeyPath)} is '{KeyPath}': set both or neither");
        foreach (var (name, path) in new[] { (nameof(CaPath), CaPath), (nameof(CertificatePath), CertificatePath), (nameof(KeyPath), KeyPath) })
        {
            Check(path is null || isTls, $"{name} is '{path}', but {nameof(Security)} {Security} is not encrypted: set Ssl or SaslSsl");
            Check(path is null || File.Exists(path), $"{name} is '{path}', and no such file can be read");
        }

        return faults;

        void Check(bool isFine, string fault)
        {
            if (!isFine)
            {
                faults.Add(fault);
            }
        }
    }

    [GeneratedRegex(@"^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}$")]
    private static partial Regex ServerPattern();

    [GeneratedRegex("^[A-Za-z0-9._-]{1,200}$")]
    private static partial Regex NamespacePattern();
}
