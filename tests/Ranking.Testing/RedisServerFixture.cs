using Xunit;

namespace Ranking.Testing;

/// <summary>
/// Debian's Redis on a free port of 127.0.0.1, one for a test class (<c>IClassFixture</c>). Where Redis is not
/// installed, a test that asks for <see cref="Endpoint"/> is skipped.
/// </summary>
public class RedisServerFixture : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private readonly ChildProcess?[] servers;

    /// <summary>One server, no password.</summary>
    public RedisServerFixture() : this(servers: 1)
    {
    }

    private protected RedisServerFixture(int servers) =>
        (this.servers, Ports) = (new ChildProcess?[servers], FreePort.Next(servers));

    /// <summary>The servers' ports.</summary>
    public IReadOnlyList<int> Ports { get; }

    /// <summary><c>127.0.0.1:port</c>, of several servers separated by commas.</summary>
    public string Endpoint
    {
        get
        {
            Assert.SkipUnless(IsInstalled, "redis-server is not installed ('./build.sh prepare' as root installs it)");
            return string.Join(',', Ports.Select(port => $"127.0.0.1:{port}"));
        }
    }

    private protected static bool IsInstalled => ChildProcess.IsInstalled("redis-server") && ChildProcess.IsInstalled("redis-cli");

    private protected string Folder => folder.Path;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!IsInstalled)
            return;
        for (var i = 0; i < servers.Length; i++)
            await Start(i);
        await Configure();
    }

    /// <summary>Starts a server that was killed, empty, on its old port.</summary>
    public async Task Start(int server = 0)
    {
        var home = Directory.CreateDirectory(folder.Combine($"redis-{server}")).FullName;
        servers[server] = ChildProcess.Start(Path.Combine(home, "redis.log"), "redis-server",
            ["--bind", "127.0.0.1", "--dir", home, "--save", "", "--appendonly", "no", .. Arguments(server)]);
        await FreePort.WaitUntilOpen(Ports[server], TimeSpan.FromSeconds(20));
    }

    /// <summary>Kills a server (SIGKILL): it refuses connections from then on.</summary>
    public void Kill(int server = 0)
    {
        servers[server]?.Dispose();
        servers[server] = null;
    }

    private protected virtual IEnumerable<string> Arguments(int server) => ["--port", $"{Ports[server]}"];

    private protected virtual Task Configure() => Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        for (var i = 0; i < servers.Length; i++)
            Kill(i);
        folder.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}

/// <summary>A Redis Cluster of three masters that share the slots.</summary>
public sealed class RedisClusterFixture() : RedisServerFixture(servers: 3)
{
    private readonly int[] busPorts = FreePort.Next(3);

    private protected override IEnumerable<string> Arguments(int server) =>
    [
        "--port", $"{Ports[server]}", "--cluster-enabled", "yes", "--cluster-port", $"{busPorts[server]}",
        "--cluster-config-file", "nodes.conf",
    ];

    private protected override async Task Configure()
    {
        await ChildProcess.Run("redis-cli", ["--cluster", "create", .. Endpoint.Split(','), "--cluster-yes"]);
        foreach (var port in Ports)
        {
            while (!(await ChildProcess.Run("redis-cli", "-p", $"{port}", "cluster", "info")).Contains("cluster_state:ok", StringComparison.Ordinal))
                await Task.Delay(50);
        }
    }
}

/// <summary>A Redis that speaks TLS alone and knows one ACL user.</summary>
public sealed class RedisSecureFixture() : RedisServerFixture(servers: 1)
{
    /// <summary>The user, who may do everything.</summary>
    public const string User = "ranking";

    /// <summary>The user's password.</summary>
    public const string Password = "a secret, for tests";

    /// <summary>What the server shows and a client has to trust.</summary>
    public TestCertificate Certificate => field ??= new TestCertificate(Folder);

    private protected override IEnumerable<string> Arguments(int server) =>
    [
        "--port", "0", "--tls-port", $"{Ports[server]}", "--tls-auth-clients", "no",
        "--tls-cert-file", Certificate.CertificatePath, "--tls-key-file", Certificate.KeyPath,
        "--tls-ca-cert-file", Certificate.CertificatePath, "--aclfile", AclFile(),
    ];

    private string AclFile()
    {
        var path = Path.Combine(Folder, "users.acl");
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Password)));
        File.WriteAllText(path, $"user default off\nuser {User} on #{hash} ~* &* +@all\n");
        return path;
    }
}
