namespace Ranking.Standalone;

/// <summary>What the live part needs besides the world.</summary>
public sealed record LiveOptions
{
    /// <summary>
    /// How many of its records the trainer may not have taken in before the simulator waits for it. They are about 150
    /// bytes each, with their share of the served records, and dealt to <see cref="EmbeddedBroker.Partitions"/>: a fifth of
    /// the <see cref="EmbeddedBroker.KeptBytes"/> that a partition keeps. 1 and more.
    /// </summary>
    public long MaxBacklog { get; init; } = 20_000;

    /// <summary>How many impressions and outcomes of the live part the trainer has taken in.</summary>
    public required Func<long> TakenIn { get; init; }

    /// <summary>The clock: simulated users act at its pace.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
