using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;

namespace Ranking.FeatureStore;

/// <summary>
/// A few multiplexed connections, used in turn. They come up by themselves whenever the server does; until then a
/// command fails at once instead of queueing.
/// </summary>
internal sealed class RedisConnections : IAsyncDisposable
{
    private readonly IConnectionMultiplexer[] multiplexers;
    private uint turn;

    private RedisConnections(IConnectionMultiplexer[] multiplexers) => this.multiplexers = multiplexers;

    /// <summary>
    /// Whether keys are spread over the slots of a cluster, so that one command may not name several keys. Asked anew for
    /// each batch, since servers that were slow to connect tell it later and without an event.
    /// </summary>
    public bool IsCluster =>
        multiplexers[0].GetServers().Any(server => server.IsConnected && server.ServerType == ServerType.Cluster);

    public static async Task<RedisConnections> OpenAsync(RedisSettings settings)
    {
        var opened = Enumerable.Range(0, settings.Connections)
            .Select(async _ => (IConnectionMultiplexer)await ConnectionMultiplexer.ConnectAsync(OptionsOf(settings)).ConfigureAwait(false));
        return new RedisConnections(await Task.WhenAll(opened).ConfigureAwait(false));
    }

    /// <summary>The next connection in turn.</summary>
    public IDatabase Next() => multiplexers[Interlocked.Increment(ref turn) % (uint)multiplexers.Length].GetDatabase();

    public async ValueTask DisposeAsync()
    {
        foreach (var multiplexer in multiplexers)
        {
            await multiplexer.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static ConfigurationOptions OptionsOf(RedisSettings settings)
    {
        var options = new ConfigurationOptions
        {
            ClientName = "ranking",
            User = settings.User,
            Password = settings.Password,
            Ssl = settings.Tls,
            AbortOnConnectFail = false,
            ConnectTimeout = (int)settings.ConnectTimeout.TotalMilliseconds,
            AsyncTimeout = (int)settings.WriteTimeout.TotalMilliseconds,
            SyncTimeout = (int)settings.WriteTimeout.TotalMilliseconds,
            BacklogPolicy = BacklogPolicy.FailFast,
            ReconnectRetryPolicy = new ExponentialRetry(100, 2_000),
            HeartbeatInterval = TimeSpan.FromMilliseconds(250),
            ConfigCheckSeconds = 10,
        };
        foreach (var endpoint in settings.Endpoints)
        {
            options.EndPoints.Add(endpoint);
        }

        if (settings.TlsAuthorityFile is { } file)
        {
            options.CertificateValidation += (_, certificate, _, errors) => IsSignedBy(file, certificate, errors);
        }

        return options;
    }

    private static bool IsSignedBy(string authorityFile, X509Certificate? certificate, SslPolicyErrors errors)
    {
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(authorityFile);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var presented = new X509Certificate2(certificate);
        return chain.Build(presented);
    }
}
