namespace Ranking.Cli;

/// <summary>The summary of <c>standalone</c> for programs: units in the keys, null for what was not reached.</summary>
internal static class StandaloneJson
{
    /// <summary>The summary.</summary>
    public static object Of(StandaloneSnapshot seen) => new
    {
        ElapsedSeconds = seen.Elapsed.TotalSeconds,
        FirstScore = seen.FirstScore is not { } first ? null : new
        {
            AfterSeconds = first.After.TotalSeconds,
            first.Version,
            first.Items,
            first.Best,
            first.Scores,
            first.Flags,
        },
        seen.Learned,
        Records = new { seen.Records.Joined, seen.Records.Duplicate, seen.Records.Orphan, seen.Records.DeadLetter },
        seen.Version,
        FreshnessSeconds = seen.Freshness?.TotalSeconds,
        LastRefused = seen.Refusal,
        seen.Probe?.Tasks,
        Live = seen.Live is not { } live ? null : new
        {
            live.Requests,
            live.Unanswered,
            live.Versions,
            live.Impressions,
            live.Published,
            live.Waits,
            P50Ms = live.LatencyP50.TotalMilliseconds,
            P99Ms = live.LatencyP99.TotalMilliseconds,
        },
    };
}
