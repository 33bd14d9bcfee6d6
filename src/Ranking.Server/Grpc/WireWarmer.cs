using System.Net.Security;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ranking.Contracts.V1;

namespace Ranking.Server;

/// <summary>
/// Calls this server's own Rank over its socket, for every model, until all that it runs is compiled; before that the
/// server does not say that it is ready. Costs about a second of one core once in a process, and some seconds where that was
/// not compiled ahead.
/// </summary>
internal sealed class WireWarmer(
    IServer server, IHostApplicationLifetime lifetime, ModelRegistry registry, Compilation compilation, ServerOptions options, TimeProvider time,
    ILogger<WireWarmer> log)
    : BackgroundService
{
    // Its own, since the default may be shorter than code takes that is not compiled yet.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    // As many at once as run at once under load, so that each finds its buffers made.
    private static readonly int Callers = Math.Max(2, Environment.ProcessorCount);

    private volatile bool isWarm;

    /// <summary>Whether the calls were made, or could not be.</summary>
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
            await CallAsync(address, stoppingToken).ConfigureAwait(false);
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
        // On the way to oneself there is no proxy, and any certificate does.
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = { RemoteCertificateValidationCallback = (_, _, _, errors) => errors != SslPolicyErrors.RemoteCertificateNotAvailable },
        };
        using var channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = handler });
        var client = new RankingService.RankingServiceClient(channel);
        await compilation.UntilQuietAsync(turn => Task.WhenAll(registry.Slots.SelectMany(slot => RequestsFor(slot, turn)).Select(request =>
            client.RankAsync(request, deadline: time.GetUtcNow().UtcDateTime + Deadline, cancellationToken: cancellation).ResponseAsync))).ConfigureAwait(false);
    }

    private RankRequest[] RequestsFor(ModelSlot slot, int turn)
    {
        using var lease = slot.Require();
        return [.. Enumerable.Range(0, Callers).Select(caller => WarmRequest.For(slot.Name, lease.Model.Spec, turn, caller, options))];
    }
}
