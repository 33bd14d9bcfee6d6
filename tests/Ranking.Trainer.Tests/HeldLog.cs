using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Trainer.Tests;

/// <summary>A log that gives nothing after its first two reads for as long as it is held.</summary>
internal sealed class HeldLog(IEventLog inner, Func<bool> isHeld) : IEventLog
{
    private int reads;

    public ImmutableArray<LogPartition> Partitions => inner.Partitions;

    public ImmutableArray<LogPosition> Start => inner.Start;

    public bool IsAtEnd => inner.IsAtEnd;

    public async ValueTask<IReadOnlyList<LogEntry>> ReadAsync(TimeSpan wait, CancellationToken cancellation)
    {
        if (reads >= 2 && isHeld())
        {
            await Task.Delay(10, CancellationToken.None);
            return [];
        }

        reads++;
        return await inner.ReadAsync(wait, cancellation);
    }

    public void Pause(IReadOnlyCollection<LogPartition> partitions) => inner.Pause(partitions);

    public void Resume(IReadOnlyCollection<LogPartition> partitions) => inner.Resume(partitions);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
