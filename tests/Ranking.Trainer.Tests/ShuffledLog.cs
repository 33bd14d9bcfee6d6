using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Trainer.Tests;

/// <summary>A log in memory that gives its partitions in random bursts: another arrival order and poll size for each seed.</summary>
internal sealed class ShuffledLog : IEventLog
{
    private readonly Random random;
    private readonly HashSet<LogPartition> paused = [];
    private readonly SortedDictionary<LogPartition, Queue<LogEntry>> queues = [];

    public ShuffledLog(IEnumerable<LogEntry> entries, ImmutableArray<LogPosition> from, int seed)
    {
        random = new Random(seed);
        foreach (var group in entries.GroupBy(entry => entry.Position.Partition))
        {
            var first = from.FirstOrDefault(position => position.Partition == group.Key).Offset;
            queues.Add(group.Key, new Queue<LogEntry>(group.Where(entry => entry.Position.Offset >= first)));
            Start = Start.Add(new LogPosition(group.Key, first));
        }

        Start = [.. Start.OrderBy(position => position.Partition)];
    }

    public ImmutableArray<LogPosition> Start { get; private set; } = [];

    public ImmutableArray<LogPartition> Partitions => [.. queues.Keys];

    public bool IsAtEnd => queues.Values.All(queue => queue.Count == 0);

    public ValueTask<IReadOnlyList<LogEntry>> ReadAsync(TimeSpan wait, CancellationToken cancellation)
    {
        var read = new List<LogEntry>();
        foreach (var (_, queue) in queues.Where(pair => !paused.Contains(pair.Key)).OrderBy(_ => random.Next()))
        {
            for (var burst = random.Next(200); burst > 0 && queue.Count > 0; burst--)
            {
                read.Add(queue.Dequeue());
            }
        }

        return new(read);
    }

    public void Pause(IReadOnlyCollection<LogPartition> partitions) => paused.UnionWith(partitions);

    public void Resume(IReadOnlyCollection<LogPartition> partitions) => paused.ExceptWith(partitions);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
