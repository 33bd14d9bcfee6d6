using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ranking.Contracts.V1;

namespace Ranking.Server;

/// <summary>
/// Calls this server's own Rank over its socket before the server says that it is ready, so that the first caller finds
/// the wire's code compiled too. A port with TLS cannot be called by an address and is left as it is.
/// </summary>
internal sealed class WireWarmer(
    IServer server, IHostApplicationLifetime lifetime, ModelRegistry registry, Compilation compilation, ServerOptions options, TimeProvider time,
    ILogger<WireWarmer> log)
    : BackgroundService
{
    // Its own, since the default may be shorter than code takes that is not compiled yet.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private volatile bool isWarm;

    /// <summary>Whether the calls were made.</summary>
    public bool IsWarm => isWarm;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The endpoints listen only after the background services have begun.
        while (!registry.IsReady || !lifetime.ApplicationStarted.IsCancellationRequested)
        {
            await Task.Delay(Pause, stoppingToken).ConfigureAwait(false);
        }

        var address = ServerAddresses.Of(server)[0];
        try
        {
            if (address.Scheme == Uri.UriSchemeHttp)
            {
                await CallAsync(address, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (RpcException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
        catch (RpcException failure)
        {
            log.LogWarning(failure, "The server could not call itself at {Address}: its first callers wait for the compiler", address);
        }

        isWarm = true;
    }

    private async Task CallAsync(Uri address, CancellationToken cancellation)
    {
        using var channel = GrpcChannel.ForAddress(address);
        var client = new RankingService.RankingServiceClient(channel);
        var requests = registry.Slots.Select(slot => RequestFor(slot.Name)).ToArray();
        await compilation.UntilQuietAsync(async () =>
        {
            foreach (var request in requests)
            {
                await client.RankAsync(request, deadline: time.GetUtcNow().UtcDateTime + Deadline, cancellationToken: cancellation).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
    }

    private RankRequest RequestFor(string model) => new()
    {
        UserId = WarmRequest.User,
        ItemIds = { WarmRequest.Items(options) },
        Options = new RequestOptions { Model = model, Log = false },
    };
}
