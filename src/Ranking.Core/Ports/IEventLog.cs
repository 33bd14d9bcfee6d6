using System.Collections.Immutable;

namespace Ranking.Core;

/// <summary>
/// The partitions of the merged topics, from files or from a broker, each read forward from a position. Records of one
/// partition come in the order of their offsets; nothing is promised between partitions.
/// </summary>
public interface IEventLog : IAsyncDisposable
{
    /// <summary>All partitions, ascending.</summary>
    ImmutableArray<LogPartition> Partitions { get; }

    /// <summary>Where the reading of each partition began: one position a partition, in their order.</summary>
    ImmutableArray<LogPosition> Start { get; }

    /// <summary>Whether a finite log has been read to its end; never true of a live one.</summary>
    bool IsAtEnd { get; }

    /// <summary>How much of a finite log has been read, 0 to 1; null of a live one.</summary>
    double? Progress => null;

    /// <summary>
    /// Whatever has come of the partitions that are not paused; empty when nothing came within the wait, or when a
    /// finite log is read to its end.
    /// </summary>
    /// <exception cref="LogPositionException">A wanted position is no longer, or not yet, in the log.</exception>
    ValueTask<IReadOnlyList<LogEntry>> ReadAsync(TimeSpan wait, CancellationToken cancellation);

    /// <summary>Stops reading partitions that have run ahead of the others.</summary>
    void Pause(IReadOnlyCollection<LogPartition> partitions);

    /// <summary>Goes on with them.</summary>
    void Resume(IReadOnlyCollection<LogPartition> partitions);
}

/// <summary>A position that the log does not have: reading on would silently lose or repeat records.</summary>
public sealed class LogPositionException(string message) : Exception(message);
