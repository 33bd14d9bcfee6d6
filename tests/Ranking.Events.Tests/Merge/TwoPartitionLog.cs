using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Events.Tests;

/// <summary>A log whose partition 1 gives seven records for each one of partition 0, until it is paused.</summary>
internal sealed class TwoPartitionLog(int perPartition) : IEventLog
{
    public const int Fast = 7;
    private readonly HashSet<LogPartition> paused = [];
    private readonly long[] next = new long[2];

    public int Pauses { get; private set; }

    public long MostAhead { get; private set; }

    public ImmutableArray<LogPartition> Partitions { get; } = [new(LogTopic.Events, 0), new(LogTopic.Events, 1)];

    public ImmutableArray<LogPosition> Start => [.. Partitions.Select(partition => new LogPosition(partition, 0))];

    public bool IsAtEnd => false;

    public ValueTask<IReadOnlyList<LogEntry>> ReadAsync(TimeSpan wait, CancellationToken cancellation)
    {
        var read = new List<LogEntry>();
        for (var partition = 0; partition < 2; partition++)
        {
            for (var i = 0; i < (partition == 0 ? 1 : Fast) && next[partition] < perPartition && !paused.Contains(Partitions[partition]); i++)
            {
                var offset = next[partition]++;
                read.Add(Log.Entry(offset == perPartition - 1 ? new EndEvent(offset) : new HeartbeatEvent(offset), partition, offset));
            }
        }

        MostAhead = Math.Max(MostAhead, next[1] - next[0]);
        return new(read);
    }

    public void Pause(IReadOnlyCollection<LogPartition> partitions)
    {
        Pauses++;
        paused.UnionWith(partitions);
    }

    public void Resume(IReadOnlyCollection<LogPartition> partitions) => paused.ExceptWith(partitions);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
