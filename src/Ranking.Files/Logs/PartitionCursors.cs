using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Files;

/// <summary>Reads the partitions of a finite log forward, each from its position, a chunk of each in turn.</summary>
internal sealed class PartitionCursors : IDisposable
{
    private const int Chunk = 256;

    private readonly SortedDictionary<LogPartition, IEnumerator<LogEntry>> open = [];
    private readonly HashSet<LogPartition> paused = [];
    private readonly List<LogPosition> start = [];

    /// <param name="partitions">The partitions.</param>
    /// <param name="read">A partition's entries from its first on, offsets ascending.</param>
    /// <param name="from">The first offset wanted of each partition; its first where not named.</param>
    /// <param name="isContinued">Whether a wanted offset may lie beyond the end, in the log that goes on after this one.</param>
    /// <exception cref="LogPositionException">A wanted offset lies before the first or beyond the end.</exception>
    public PartitionCursors(
        ImmutableArray<LogPartition> partitions, Func<LogPartition, IEnumerable<LogEntry>> read, IReadOnlyDictionary<LogPartition, long>? from, bool isContinued = false)
    {
        foreach (var partition in partitions)
        {
            var cursor = read(partition).GetEnumerator();
            long? wanted = from is not null && from.TryGetValue(partition, out var offset) ? offset : null;
            if (wanted is null ? cursor.MoveNext() : Seek(cursor, partition, wanted.Value, isContinued))
            {
                open.Add(partition, cursor);
                start.Add(cursor.Current.Position);
            }
            else
            {
                start.Add(new LogPosition(partition, wanted ?? 0));
            }
        }
    }

    /// <summary>Where the reading of each partition began.</summary>
    public ImmutableArray<LogPosition> Start => [.. start];

    /// <summary>Whether every partition has been read to its end.</summary>
    public bool IsAtEnd => open.Count == 0;

    /// <summary>The next entries of the partitions that are not paused.</summary>
    public List<LogEntry> Read()
    {
        var entries = new List<LogEntry>();
        foreach (var (partition, cursor) in open.Where(pair => !paused.Contains(pair.Key)).ToList())
        {
            for (var i = 0; i < Chunk; i++)
            {
                entries.Add(cursor.Current);
                if (!cursor.MoveNext())
                {
                    cursor.Dispose();
                    open.Remove(partition);
                    break;
                }
            }
        }

        return entries;
    }

    public void Pause(IEnumerable<LogPartition> partitions) => paused.UnionWith(partitions);

    public void Resume(IEnumerable<LogPartition> partitions) => paused.ExceptWith(partitions);

    public void Dispose()
    {
        foreach (var cursor in open.Values)
        {
            cursor.Dispose();
        }
    }

    private static bool Seek(IEnumerator<LogEntry> cursor, LogPartition partition, long offset, bool isContinued)
    {
        long? last = null;
        while (cursor.MoveNext())
        {
            if (cursor.Current.Position.Offset >= offset)
            {
                return last is not null || cursor.Current.Position.Offset == offset
                    ? true
                    : throw new LogPositionException($"{partition}: the offset {offset} is wanted and the log begins at {cursor.Current.Position.Offset}; start from a checkpoint within the log.");
            }

            last = cursor.Current.Position.Offset;
        }

        return offset == (last + 1 ?? 0) || (isContinued && offset > last)
            ? false
            : throw new LogPositionException($"{partition}: the offset {offset} is wanted and the log ends at {last ?? -1}; give the log that the checkpoint was made from.");
    }
}
