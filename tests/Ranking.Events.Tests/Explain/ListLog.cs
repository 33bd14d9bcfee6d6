using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Events.Tests;

/// <summary>One partition of events at rest.</summary>
internal sealed class ListLog(IReadOnlyList<LogEntry> entries, EndEvent? end) : IEventLog
{
    private bool isRead;

    public ImmutableArray<LogPartition> Partitions { get; } = [new(LogTopic.Events, 0)];

    public ImmutableArray<LogPosition> Start => [new(Partitions[0], 0)];

    public bool IsAtEnd => isRead;

    public ValueTask<IReadOnlyList<LogEntry>> ReadAsync(TimeSpan wait, CancellationToken cancellation)
    {
        isRead = true;
        return new(end is null ? entries : [.. entries, Log.Entry(end, 0, entries.Count)]);
    }

    public void Pause(IReadOnlyCollection<LogPartition> partitions) => Assert.Empty(partitions);

    public void Resume(IReadOnlyCollection<LogPartition> partitions) => Assert.Empty(partitions);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
