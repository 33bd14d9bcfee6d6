using Ranking.Standalone;

namespace Ranking.Cli;

/// <summary>How <c>standalone</c> runs.</summary>
/// <param name="Simulation">The world.</param>
/// <param name="Live">How long the live part lasts; null is until stopped.</param>
internal sealed record StandaloneOptions(SimulationOptions Simulation, TimeSpan? Live);

/// <summary>What is to be seen of a running standalone.</summary>
internal sealed record StandaloneSnapshot
{
    /// <summary>How long the command has run.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>What is being done.</summary>
    public required string Phase { get; init; }

    /// <summary>Examples learned from.</summary>
    public required long Learned { get; init; }

    /// <summary>Records that became part of an example, and those that did not.</summary>
    public required (long Joined, long Duplicate, long Orphan, long DeadLetter) Records { get; init; }

    /// <summary>The served version; empty while there is none.</summary>
    public required string Version { get; init; }

    /// <summary>How old the newest data is that the served version has learned from; null while there is none.</summary>
    public required TimeSpan? Freshness { get; init; }

    /// <summary>What the last version that the gate refused was refused for; null where none was.</summary>
    public required string? Refusal { get; init; }

    /// <summary>The first scored request; null before it.</summary>
    public required FirstScore? FirstScore { get; init; }

    /// <summary>How well the served model orders the world; null before the first probe.</summary>
    public required ProbeResult? Probe { get; init; }

    /// <summary>Counts of the live part; null before it.</summary>
    public required LiveSnapshot? Live { get; init; }
}

/// <summary>The first request that was scored.</summary>
/// <param name="After">How long after the start of the command.</param>
/// <param name="Version">The version that scored it.</param>
/// <param name="Items">How many items it ranked.</param>
/// <param name="Best">The item on top.</param>
/// <param name="Scores">That item's probability for each task.</param>
/// <param name="Flags">What the server had to tell of the request, bit by bit.</param>
internal sealed record FirstScore(
    TimeSpan After, string Version, int Items, string Best, IReadOnlyDictionary<string, double> Scores, uint Flags);
