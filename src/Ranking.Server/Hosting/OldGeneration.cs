using System.Runtime;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ranking.Server;

/// <summary>
/// Keeps the collector from its oldest generation while requests are answered: that is collected once more at the end of the
/// warm-up, and from then on only when the heap has grown by much, beside the requests. For a process that does nothing else.
/// </summary>
/// <remarks>
/// Left to itself, the collector goes through all that is old as soon as a fraction has been added to it. A delta a second adds
/// some ten kilobytes each, and a cache that fills what it keeps. Where memory runs short it collects all the same
/// (<see cref="GCLatencyMode.LowLatency"/>).
/// </remarks>
/// <param name="isWarm">Whether the warm-up is over.</param>
/// <param name="mostGrowth">Bytes by which the heap may grow.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Where a collection is noted.</param>
internal sealed class OldGeneration(Func<bool> isWarm, long mostGrowth, TimeProvider time, ILogger<OldGeneration> log) : BackgroundService
{
    /// <summary>Ten minutes of deltas and of a full feature cache, and then some; a third of what a server may need beside its models.</summary>
    public const long MostGrowth = 100 << 20;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private static long HeapBytes => GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        while (!isWarm())
        {
            await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false);
        }

        var usual = GCSettings.LatencyMode;
        try
        {
            while (true)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
                // Long enough for it to end.
                await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false);
                var collected = HeapBytes;
                GCSettings.LatencyMode = GCLatencyMode.LowLatency;
                while (HeapBytes < collected + mostGrowth)
                {
                    await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false);
                }

                log.LogInformation("The managed heap grew from {Before} to {After} bytes: all of it is collected", collected, HeapBytes);
                GCSettings.LatencyMode = usual;
            }
        }
        finally
        {
            GCSettings.LatencyMode = usual;
        }
    }
}
