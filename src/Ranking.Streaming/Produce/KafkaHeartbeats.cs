using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Streaming;

/// <summary>
/// Moves time on in a live log: a heartbeat with the clock's time into every partition of both topics, four times a
/// second (<c>heartbeats: clock</c>). A replay or simulation writes its own.
/// </summary>
public sealed class KafkaHeartbeats(KafkaEventPublisher publisher, ImmutableArray<LogPartition> partitions, TimeProvider clock)
{
    /// <summary>The time between two heartbeats.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Writes heartbeats until it is cancelled.</summary>
    /// <exception cref="ServiceUnreachableException">Kafka did not take one.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false))
        {
            var now = new HeartbeatEvent(clock.GetUtcNow().ToUnixTimeMilliseconds());
            await publisher.AppendAsync([.. partitions.Select(partition => (partition, (LogEvent)now))], cancellation).ConfigureAwait(false);
        }
    }
}
