using Ranking.Core;

namespace Ranking.Trainer;

/// <summary>Names dead letters of topics that continue a log at rest by the topics' own offsets.</summary>
/// <param name="inner">Takes them.</param>
/// <param name="ends">Where the log at rest ends: the topics' offset 0.</param>
internal sealed class ContinuedDeadLetters(IDeadLetters inner, IReadOnlyDictionary<LogPartition, long> ends) : IDeadLetters
{
    /// <inheritdoc/>
    public void Write(LogPosition position, string reason, LogEntry entry) =>
        inner.Write(position.Offset < ends[position.Partition] ? position : position with { Offset = position.Offset - ends[position.Partition] }, reason, entry);

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellation) => inner.FlushAsync(cancellation);
}
