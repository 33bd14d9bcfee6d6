using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Trainer;

/// <summary>
/// A log whose offsets count on from those of the log before it: a topic that starts at 0 after a file.
/// </summary>
/// <param name="inner">The log.</param>
/// <param name="shift">What is added to the offsets of each partition.</param>
public sealed class ShiftedLog(IEventLog inner, IReadOnlyDictionary<LogPartition, long> shift) : IEventLog
{
    /// <inheritdoc/>
    public ImmutableArray<LogPartition> Partitions => inner.Partitions;

    /// <inheritdoc/>
    public ImmutableArray<LogPosition> Start =>
        [.. inner.Start.Select(start => start with { Offset = start.Offset + shift[start.Partition] })];

    /// <inheritdoc/>
    public bool IsAtEnd => inner.IsAtEnd;

    /// <inheritdoc/>
    public double? Progress => inner.Progress;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<LogEntry>> ReadAsync(TimeSpan wait, CancellationToken cancellation)
    {
        var entries = await inner.ReadAsync(wait, cancellation).ConfigureAwait(false);
        return [.. entries.Select(entry => new LogEntry
        {
            Position = entry.Position with { Offset = entry.Position.Offset + shift[entry.Position.Partition] },
            BrokerTime = entry.BrokerTime,
            Event = entry.Event,
            Fault = entry.Fault,
            Value = entry.Value,
        })];
    }

    /// <inheritdoc/>
    public void Pause(IReadOnlyCollection<LogPartition> partitions) => inner.Pause(partitions);

    /// <inheritdoc/>
    public void Resume(IReadOnlyCollection<LogPartition> partitions) => inner.Resume(partitions);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
