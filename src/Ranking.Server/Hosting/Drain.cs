using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ranking.Server;

/// <summary>
/// The end of a server: it says that it is not ready, goes on serving until balancers have noticed, then the web server
/// answers what is in flight, then the queue to the log is flushed.
/// </summary>
internal sealed class Drain(ServerOptions options, EventSink sink, TimeProvider time, ILogger<Drain> log) : IHostedLifecycleService
{
    private volatile bool isDraining;

    public bool IsDraining => isDraining;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        isDraining = true;
        log.LogInformation("Draining: not ready any more, still serving for {Delay}", options.DrainDelay);
        await Task.Delay(options.DrainDelay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await sink.DisposeAsync().ConfigureAwait(false);
        log.LogInformation("Drained");
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (sink.Publisher is null)
        {
            log.LogWarning("No Kafka is configured (Ranking:Kafka:BootstrapServers): this server only serves, and nothing is learned from what it serves");
        }

        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
