namespace Ranking.Events;

/// <summary>Events that are not visible yet, in the order in which they become so: by time, then by arrival.</summary>
internal sealed class VisibilityQueue<T>(Action<EntryWriter, T> write, Func<EntryReader, T> read)
{
    private readonly PriorityQueue<T, (long Time, long Arrival)> pending = new();
    private long arrivals;

    /// <summary>Keeps an event until its time has passed.</summary>
    public void Add(T item, long time) => pending.Enqueue(item, (time, arrivals++));

    /// <summary>Takes the next event that becomes visible before an order time, with its own; false where there is none.</summary>
    public bool TryTake(long orderTime, out T item, out long time)
    {
        if (pending.TryPeek(out item!, out var due) && due.Time < orderTime)
        {
            pending.Dequeue();
            time = due.Time;
            return true;
        }

        time = 0;
        return false;
    }

    /// <summary>Writes what is kept, in a form that depends on the log alone.</summary>
    public void Write(EntryWriter to)
    {
        to.Write(arrivals);
        to.Write(pending.Count);
        foreach (var (item, due) in pending.UnorderedItems.OrderBy(item => item.Priority))
        {
            to.Write(due.Time);
            to.Write(due.Arrival);
            write(to, item);
        }
    }

    /// <summary>Takes over what <see cref="Write"/> wrote.</summary>
    public void Read(EntryReader from)
    {
        arrivals = from.ReadInt64();
        for (var left = from.ReadInt32(); left > 0; left--)
        {
            var due = (from.ReadInt64(), from.ReadInt64());
            pending.Enqueue(read(from), due);
        }
    }
}
