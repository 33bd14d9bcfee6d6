using Ranking.Contracts.V1;

namespace Ranking.Standalone;

/// <summary>What has happened since the live part began.</summary>
/// <param name="Requests">Requests answered.</param>
/// <param name="Unanswered">Requests without an answer.</param>
/// <param name="Impressions">Items shown.</param>
/// <param name="Published">Records written to the log, duplicates included.</param>
/// <param name="Waits">How often a request waited because the trainer was too far behind.</param>
/// <param name="LatencyP50">Median time of the newest answers.</param>
/// <param name="LatencyP99">Their 99th percentile.</param>
/// <param name="Version">The version that gave the last answer; empty before the first.</param>
/// <param name="Versions">How many versions have answered.</param>
public sealed record LiveSnapshot(
    long Requests, long Unanswered, long Impressions, long Published, long Waits,
    TimeSpan LatencyP50, TimeSpan LatencyP99, string Version, int Versions);

/// <summary>Counts the live part. Thread-safe.</summary>
internal sealed class LiveStatistics
{
    private const int KeptLatencies = 2_000;

    private readonly Lock gate = new();
    private readonly Queue<TimeSpan> latencies = new();
    private readonly HashSet<string> versions = [];
    private LiveSnapshot counts = new(0, 0, 0, 0, 0, TimeSpan.Zero, TimeSpan.Zero, "", 0);

    /// <summary>The counts so far.</summary>
    public LiveSnapshot Snapshot()
    {
        lock (gate)
        {
            TimeSpan[] sorted = [.. latencies.Order()];
            return sorted.Length == 0
                ? counts
                : counts with { LatencyP50 = sorted[sorted.Length / 2], LatencyP99 = sorted[(int)(0.99 * (sorted.Length - 1))] };
        }
    }

    public void CountAnswer(RankResponse response, TimeSpan latency)
    {
        lock (gate)
        {
            latencies.Enqueue(latency);
            if (latencies.Count > KeptLatencies)
            {
                latencies.Dequeue();
            }

            versions.Add(response.Version);
            counts = counts with
            {
                Requests = counts.Requests + 1,
                Impressions = counts.Impressions + response.ItemIds.Count,
                Version = response.Version,
                Versions = versions.Count,
            };
        }
    }

    public void CountUnanswered() => Change(seen => seen with { Unanswered = seen.Unanswered + 1 });

    public void CountWait() => Change(seen => seen with { Waits = seen.Waits + 1 });

    public void CountPublished(int records) => Change(seen => seen with { Published = seen.Published + records });

    private void Change(Func<LiveSnapshot, LiveSnapshot> change)
    {
        lock (gate)
        {
            counts = change(counts);
        }
    }
}
