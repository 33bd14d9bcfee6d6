namespace Ranking.Streaming;

/// <summary>A topic as the brokers have it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Partitions">How many partitions it has; 0 where it does not exist.</param>
/// <param name="WasCreated">Whether the call that tells this created it.</param>
public sealed record TopicState(string Name, int Partitions, bool WasCreated);

/// <summary>How topics are made.</summary>
public sealed record TopicOptions
{
    /// <summary>Partitions of each topic, fixed for the life of the log. 1 and more; default 4.</summary>
    public int Partitions { get; init; } = 4;

    /// <summary>Copies of each partition. 1 to the number of brokers; −1, the default, takes the cluster's own default.</summary>
    public short Replication { get; init; } = -1;

    /// <summary>How long records stay. Above 0; default 14 days.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(14);

    /// <summary>Every fault of the options: field, value, fix. Empty when there is none.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        if (Partitions < 1)
        {
            faults.Add($"{nameof(Partitions)} is {Partitions}: 1 and more");
        }

        if (Replication is 0 or < -1)
        {
            faults.Add($"{nameof(Replication)} is {Replication}: 1 and more, or -1 for the cluster's default");
        }

        if (Retention <= TimeSpan.Zero)
        {
            faults.Add($"{nameof(Retention)} is {Retention}: above 0");
        }

        return faults;
    }
}
