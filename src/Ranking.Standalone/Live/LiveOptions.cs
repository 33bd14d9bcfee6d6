namespace Ranking.Standalone;

/// <summary>What the live part needs besides the world.</summary>
public sealed record LiveOptions
{
    /// <summary>
    /// How far the trainer may be behind before the simulator waits for it. A request writes about 2 KiB into one
    /// partition of each topic; at the highest rate, 100 a second, dealt to <see cref="EmbeddedBroker.Partitions"/>, a
    /// partition's <see cref="EmbeddedBroker.KeptBytes"/> last 100 seconds.
    /// </summary>
    public TimeSpan MaxLag { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How far the trainer is behind: the clock less the newest event time that it has taken in.</summary>
    public required Func<TimeSpan> Lag { get; init; }

    /// <summary>The clock: simulated users act at its pace.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
