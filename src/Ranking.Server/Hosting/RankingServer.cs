using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Ranking.Core;

namespace Ranking.Server;

/// <summary>A server that runs inside another process, as <c>serve</c> and <c>standalone</c> have it.</summary>
public sealed class RankingServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private RankingServer(WebApplication app)
    {
        this.app = app;
        var addresses = ServerAddresses.Of(app.Services.GetRequiredService<IServer>());
        (GrpcPort, HttpPort) = (addresses[0].Port, addresses[1].Port);
    }

    /// <summary>The port of gRPC (HTTP/2 in plain text).</summary>
    public int GrpcPort { get; }

    /// <summary>The port of JSON, health, metrics and the OpenAPI document (HTTP/1.1).</summary>
    public int HttpPort { get; }

    /// <summary>Whether every model has a version that is loaded and warm, and the wire is warm too.</summary>
    public bool IsReady => app.Services.GetRequiredService<ModelRegistry>().IsReady && app.Services.GetRequiredService<WireWarmer>().IsWarm;

    /// <summary>Starts a server and returns when it listens, which may be before a model is loaded.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="events">Where served records and events go; null takes Kafka from the settings, if they have it.</param>
    /// <param name="grpcPort">The port of gRPC on this machine alone; 0 takes a free one.</param>
    /// <param name="httpPort">The port of HTTP on this machine alone; 0 takes a free one.</param>
    /// <param name="quiet">Whether nothing less than a warning is logged, and to standard error.</param>
    /// <exception cref="ArgumentException">The settings are at fault; the message lists every fault.</exception>
    public static async Task<RankingServer> StartAsync(
        ServerOptions options, IEventPublisher? events = null, int grpcPort = 0, int httpPort = 0, bool quiet = false)
    {
        var builder = ServerHost.CreateBuilder([], ServerHost.EndpointSettings($"127.0.0.1:{grpcPort}", $"127.0.0.1:{httpPort}"), quiet);
        await builder.AddRankingServerAsync(options, events).ConfigureAwait(false);
        var app = builder.Build();
        app.MapRankingServer();
        await app.StartAsync().ConfigureAwait(false);
        return new RankingServer(app);
    }

    /// <summary>Stops being ready, answers what is in flight, flushes the log and ends.</summary>
    public Task StopAsync() => app.StopAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await app.StopAsync().ConfigureAwait(false);
        await app.DisposeAsync().ConfigureAwait(false);
    }
}
