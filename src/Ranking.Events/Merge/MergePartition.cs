using Ranking.Core;

namespace Ranking.Events;

/// <summary>One partition's records that have been read and not yet released.</summary>
internal sealed class MergePartition(MergePosition start, long maxAhead)
{
    private readonly Queue<MergedEvent> waiting = new();
    private long lastOffset = start.Offset - 1;
    private long maxTime = start.MaxTime;
    private bool isEnded = start.IsEnded;

    /// <summary>What a checkpoint keeps.</summary>
    public MergePosition Position { get; private set; } = start;

    public LogPosition Unread => new(Position.Partition, lastOffset + 1);

    public int Count => waiting.Count;

    public bool IsPaused { get; set; }

    public bool IsDone => isEnded && waiting.Count == 0;

    /// <summary>No record still to be released has a smaller order time.</summary>
    public long Frontier => waiting.TryPeek(out var head) ? head.OrderTime : isEnded ? long.MaxValue : maxTime;

    public void Add(LogEntry entry)
    {
        if (entry.Position.Offset <= lastOffset)
        {
            throw new ArgumentException($"{entry.Position} comes after offset {lastOffset}: a log gives each partition in the order of offsets.", nameof(entry));
        }

        lastOffset = entry.Position.Offset;
        var fault = FaultOf(entry);
        if (fault is null)
        {
            maxTime = Math.Max(maxTime, entry.Event!.EventTime);
            isEnded = entry.Event is EndEvent;
        }

        waiting.Enqueue(new MergedEvent(maxTime, entry, fault));
    }

    public MergedEvent Release()
    {
        var released = waiting.Dequeue();
        Position = Position with
        {
            Offset = released.Entry.Position.Offset + 1,
            MaxTime = released.OrderTime,
            IsEnded = Position.IsEnded || (released.Fault is null && released.Entry.Event is EndEvent),
        };
        return released;
    }

    private string? FaultOf(LogEntry entry)
    {
        if (entry.Fault is not null || entry.Event is null)
        {
            return entry.Fault ?? "the record holds no event.";
        }

        if (isEnded)
        {
            return "it stands after the partition's end record; a log that goes on has no end.";
        }

        var ahead = entry.Event.EventTime - entry.BrokerTime;
        return ahead > maxAhead
            ? $"event_time_ms {entry.Event.EventTime} lies {ahead} ms after the broker's time {entry.BrokerTime}, more than {maxAhead} ms; set the producer's clock."
            : null;
    }
}
