namespace Ranking.Core;

/// <summary>The topics that are merged, in their order among records of one order time.</summary>
public enum LogTopic : byte
{
    /// <summary>What the server answered.</summary>
    Served = 0,

    /// <summary>Impressions and outcomes.</summary>
    Events = 1,
}

/// <summary>One partition of a merged topic.</summary>
public readonly record struct LogPartition(LogTopic Topic, int Partition) : IComparable<LogPartition>
{
    /// <inheritdoc/>
    public int CompareTo(LogPartition other) =>
        Topic != other.Topic ? Topic.CompareTo(other.Topic) : Partition.CompareTo(other.Partition);

    /// <inheritdoc/>
    public override string ToString() => $"{Topic.ToString().ToLowerInvariant()}/{Partition}";
}

/// <summary>A record's place.</summary>
public readonly record struct LogPosition(LogPartition Partition, long Offset)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Partition}@{Offset}";
}
