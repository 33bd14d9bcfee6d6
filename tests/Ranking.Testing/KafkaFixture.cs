using Xunit;

namespace Ranking.Testing;

/// <summary>
/// Apache Kafka on 127.0.0.1, one cluster for a test class (<c>IClassFixture</c>). Where Java or the shared folder is
/// missing, a test that asks for <see cref="Bootstrap"/> is skipped. A class that needs several brokers, SASL, TLS or
/// broker settings derives a fixture of its own and overrides <see cref="Arguments"/>.
/// </summary>
public class KafkaFixture : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private readonly string? kafka = SharedFolder.TryFind("kafka", "kafka");
    private string? bootstrap;
    private Lifeline? brokers;

    /// <summary>Whether this machine has what brokers need.</summary>
    public bool IsAvailable => kafka is not null && HasJava;

    /// <summary>The brokers' addresses.</summary>
    public string Bootstrap
    {
        get
        {
            Assert.SkipWhen(kafka is null, SharedFolder.Missing("kafka"));
            Assert.SkipUnless(HasJava, "Java is not installed ('./build.sh prepare' as root installs it)");
            return bootstrap!;
        }
    }

    /// <summary>What <c>kafka up</c> is told: <c>--brokers 3</c>, <c>--set NAME=VALUE</c>, <c>--scram USER:PASSWORD</c>, …</summary>
    protected virtual IEnumerable<string> Arguments => [];

    /// <summary>A folder that lives as long as the cluster.</summary>
    protected string Folder => folder.Path;

    private string Cluster => folder.Combine("cluster");

    private static bool HasJava => ChildProcess.IsInstalled("java");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!IsAvailable)
            return;
        // The brokers outlive the command that starts them.
        brokers = new Lifeline(kafka!, "delete", Cluster);
        try
        {
            bootstrap = await StartAll();
        }
        catch (InvalidOperationException)
        {
            // Once more: the script draws an id, and Kafka takes one that begins with a hyphen, as one of 64 does, for an
            // option; and a machine that is very busy does not bring a broker up in the script's time.
            if (kafka is not null && File.Exists(Path.Combine(Cluster, "bootstrap")))
                await ChildProcess.Run(kafka, "delete", Cluster);
            else
                Directory.Delete(Cluster, recursive: true);
            bootstrap = await StartAll();
        }
    }

    /// <summary>Creates a topic; replicas by the cluster's default.</summary>
    public Task CreateTopic(string name, int partitions, params IEnumerable<string> configuration) =>
        Command(["tool", "topics", "--bootstrap-server", Bootstrap, "--create", "--topic", name, "--partitions", $"{partitions}",
            .. configuration.SelectMany(entry => (string[])["--config", entry])]);

    /// <summary>Kills all brokers (SIGKILL), or one of them counted from 1; the data stays.</summary>
    public Task Kill(int? broker = null) => Command(["kill", Cluster, .. Number(broker)]);

    /// <summary>Starts one broker that was killed, counted from 1.</summary>
    public Task Start(int broker) => Command("start", Cluster, $"{broker}");

    /// <summary>Starts all brokers that were killed, on their old ports.</summary>
    public Task Up() => Command(["up", Cluster, .. Arguments]);

    /// <summary>Runs any other command of the script, such as <c>tool</c>, and gives what it prints.</summary>
    public Task<string> Command(params IEnumerable<string> arguments) => ChildProcess.Run(kafka!, arguments);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        brokers?.Dispose();
        folder.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private async Task<string> StartAll() => (await ChildProcess.Run(kafka!, ["up", Cluster, .. Arguments])).Trim();

    private static string[] Number(int? broker) => broker is null ? [] : [$"{broker}"];
}
