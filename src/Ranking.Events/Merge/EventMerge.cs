using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Events;

/// <summary>
/// Merges the partitions of a log into one order: (running maximum of event time within the partition, topic with
/// <c>served</c> first, partition, offset). A record is released when every partition has passed it, so the order is a
/// function of the log alone, whatever the interleaving in which records arrive.
/// </summary>
/// <remarks>
/// Faulty records, records whose event time lies too far ahead of the broker's, and records after an <c>end</c> are
/// released in their place as dead letters and move no maximum. Not safe for concurrent use.
/// </remarks>
public sealed class EventMerge
{
    private readonly MergePartition[] partitions;
    private readonly Dictionary<LogPartition, MergePartition> byName;
    private readonly int bufferLimit;

    /// <param name="start">Every partition of the log, from where it is to be read: fresh or from a checkpoint.</param>
    /// <param name="maxAhead">How far an event time may lie after the broker's time.</param>
    /// <param name="bufferLimit">From how many waiting records on a partition is paused. 2 and more; default 2,000.</param>
    /// <exception cref="ArgumentException">No partition, or one of them twice.</exception>
    public EventMerge(IEnumerable<MergePosition> start, TimeSpan maxAhead, int bufferLimit = 2_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bufferLimit, 2);
        partitions = [.. start.OrderBy(position => position.Partition).Select(position => new MergePartition(position, (long)maxAhead.TotalMilliseconds))];
        if (partitions.Length == 0)
        {
            throw new ArgumentException("no partition to merge: give one position a partition.", nameof(start));
        }

        byName = partitions.ToDictionary(partition => partition.Position.Partition);
        this.bufferLimit = bufferLimit;
    }

    /// <summary>For each partition the first unreleased record and the running maximum before it: what a checkpoint keeps.</summary>
    public ImmutableArray<MergePosition> Positions => [.. partitions.Select(partition => partition.Position)];

    /// <summary>
    /// For each partition the position after the last record added: where another log goes on after one that is at its
    /// end (a topic after a file). After a restart, reading starts at <see cref="Positions"/>.
    /// </summary>
    public ImmutableArray<LogPosition> Unread => [.. partitions.Select(partition => partition.Unread)];

    /// <summary>Whether every partition has ended and every record is released.</summary>
    public bool IsEnded => Array.TrueForAll(partitions, partition => partition.IsDone);

    /// <summary>The partition that the next release waits for; null when a record is ready or the log has ended.</summary>
    public LogPartition? WaitsFor => IsEnded || First() is { Count: > 0 } ? null : First().Position.Partition;

    /// <summary>Takes a record that has been read. Records of one partition come in the order of their offsets.</summary>
    /// <exception cref="ArgumentException">An unknown partition, or an offset that does not follow.</exception>
    public void Add(LogEntry entry)
    {
        if (!byName.TryGetValue(entry.Position.Partition, out var partition))
        {
            throw new ArgumentException($"partition {entry.Position.Partition} is not one of the {partitions.Length} merged ones.", nameof(entry));
        }

        partition.Add(entry);
    }

    /// <summary>The next record of the order, if every partition has passed it.</summary>
    public bool TryTake(out MergedEvent released)
    {
        var first = First();
        if (first.Count == 0)
        {
            released = default;
            return false;
        }

        released = first.Release();
        return true;
    }

    /// <summary>Tells the log to stop reading partitions that ran ahead and to go on with those that were caught up with.</summary>
    public void Balance(IEventLog log)
    {
        Switch(partition => !partition.IsPaused && partition.Count >= bufferLimit, log.Pause);
        Switch(partition => partition.IsPaused && partition.Count <= bufferLimit / 2, log.Resume);
    }

    private void Switch(Predicate<MergePartition> isMeant, Action<IReadOnlyCollection<LogPartition>> tell)
    {
        var meant = Array.FindAll(partitions, isMeant);
        if (meant.Length > 0)
        {
            tell(Array.ConvertAll(meant, partition => partition.Position.Partition));
            Array.ForEach(meant, partition => partition.IsPaused = !partition.IsPaused);
        }
    }

    // Partitions stand in their order, so the first of equal frontiers is the right one. A scan over all of them costs
    // about a nanosecond each and needs no upkeep when records come in.
    private MergePartition First()
    {
        var first = partitions[0];
        var least = first.Frontier;
        for (var i = 1; i < partitions.Length; i++)
        {
            var frontier = partitions[i].Frontier;
            if (frontier < least)
            {
                (first, least) = (partitions[i], frontier);
            }
        }

        return first;
    }
}
