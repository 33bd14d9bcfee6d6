namespace Ranking.Standalone;

/// <summary>How big a simulated world is and how it behaves. The same options give the same world and the same history.</summary>
public sealed record SimulationOptions
{
    /// <summary>Everything random follows from it.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How many users there are, 10 to 1,000,000.</summary>
    public int Users { get; init; } = 2_000;

    /// <summary>How many items there are, 10 to 1,000,000.</summary>
    public int Items { get; init; } = 1_000;

    /// <summary>Items shown for each request, 1 to 100.</summary>
    public int Shown { get; init; } = 10;

    /// <summary>Candidates of each live request, from <see cref="Shown"/> to 1,000.</summary>
    public int Candidates { get; init; } = 50;

    /// <summary>Impressions of the history, at least one request's.</summary>
    public int HistoryImpressions { get; init; } = 200_000;

    /// <summary>The time that the history covers; it ends at the time given to it.</summary>
    public TimeSpan HistorySpan { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Requests a second of the live part, by a Poisson process. 0.1 to 100.</summary>
    public double RequestsPerSecond { get; init; } = 20;

    /// <summary>The share of records that are written twice, 0 to 1.</summary>
    public double DuplicateShare { get; init; } = 0.02;

    /// <summary>The share of records that reach the log later than others of their time, 0 to 1.</summary>
    public double DelayedShare { get; init; } = 0.05;

    /// <summary>By how much at most they come later.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Everything that is wrong with the options, each with its fix.</summary>
    public IEnumerable<string> Validate() =>
    [
        .. Check(nameof(Users), Users, 10, 1_000_000),
        .. Check(nameof(Items), Items, 10, 1_000_000),
        .. Check(nameof(Shown), Shown, 1, Math.Min(100, Items)),
        .. Check(nameof(Candidates), Candidates, Shown, Math.Min(1_000, Items)),
        .. Check(nameof(HistoryImpressions), HistoryImpressions, Shown, int.MaxValue),
        .. Check(nameof(HistorySpan), HistorySpan.TotalSeconds, 1, TimeSpan.FromDays(365).TotalSeconds),
        .. Check(nameof(RequestsPerSecond), RequestsPerSecond, 0.1, 100),
        .. Check(nameof(DuplicateShare), DuplicateShare, 0, 1),
        .. Check(nameof(DelayedShare), DelayedShare, 0, 1),
        .. Check(nameof(MaxDelay), MaxDelay.TotalSeconds, 0, 3_600),
    ];

    private static IEnumerable<string> Check(string name, double value, double least, double most)
    {
        if (!(value >= least && value <= most))
        {
            yield return $"{name} is {value}: give {least} to {most}.";
        }
    }
}
