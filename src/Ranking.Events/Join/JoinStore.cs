namespace Ranking.Events;

/// <summary>
/// The pending entries by key and by due time: the newest in memory, up to a budget, the others in the spill. Where an
/// entry lies changes nothing that the fold can see.
/// </summary>
/// <remarks>
/// The oldest are spilled first: outcomes come soon after their impression, and what is left then waits only for its
/// window to close. Each is written and read once more, and costs no memory in between.
/// </remarks>
internal sealed class JoinStore(int budget, IJoinSpill? spill)
{
    private const int CompactFrom = 1024;

    private readonly Dictionary<UInt128, JoinEntry> resident = [];
    private readonly PriorityQueue<JoinEntry, JoinDue> timers = new();
    private readonly Queue<JoinEntry> oldest = new();
    private long cost;

    /// <summary>The entry of a key, read back if it was spilled; null when there is none.</summary>
    public JoinEntry? Find(UInt128 key)
    {
        if (resident.TryGetValue(key, out var entry))
        {
            return entry;
        }

        return spill?.Earliest is not null && spill.Take(key) is { } bytes ? Keep(EntryCodec.Read(bytes)) : null;
    }

    /// <summary>Adds an entry whose key is not there yet and whose due time is set.</summary>
    public JoinEntry Keep(JoinEntry entry)
    {
        resident.Add(entry.Key, entry);
        entry.IsResident = true;
        oldest.Enqueue(entry);
        cost += entry.Cost;
        SetTimer(entry, entry.Due);
        return entry;
    }

    /// <summary>Sets an entry's timer to another time.</summary>
    public void Reschedule(JoinEntry entry, JoinDue due)
    {
        if (!entry.IsTimed || entry.Due != due)
        {
            SetTimer(entry, due);
        }
    }

    /// <summary>Takes note that an entry costs more than before.</summary>
    public void Charge(int more) => cost += more;

    public void Remove(JoinEntry entry)
    {
        resident.Remove(entry.Key);
        entry.IsResident = false;
        cost -= entry.Cost;
    }

    /// <summary>The entry that is due first, if it is due before an order time; its timer is gone then.</summary>
    public JoinEntry? TakeDue(long before)
    {
        while (true)
        {
            var isTimed = timers.TryPeek(out var entry, out var due);
            if (isTimed && !(entry!.IsResident && entry.Due == due))
            {
                timers.Dequeue();
            }
            else if (spill?.Earliest is { } spilled && spilled.Time < before && (!isTimed || spilled.CompareTo(due) < 0))
            {
                Keep(EntryCodec.Read(spill.TakeEarliest()));
            }
            else
            {
                if (!isTimed || due.Time >= before)
                {
                    return null;
                }

                timers.Dequeue().IsTimed = false;
                return entry;
            }
        }
    }

    /// <summary>Moves the oldest entries into the spill until the others fit the budget, and drops outdated references.</summary>
    public void Trim()
    {
        while (spill is not null && cost > budget && oldest.TryDequeue(out var entry))
        {
            if (entry.IsResident)
            {
                Remove(entry);
                spill.Put(entry.Key, entry.Due, BytesOf(entry));
            }
        }

        if (oldest.Count > 2 * resident.Count + CompactFrom)
        {
            var kept = oldest.Where(entry => entry.IsResident).ToArray();
            oldest.Clear();
            Array.ForEach(kept, oldest.Enqueue);
        }

        if (timers.Count > 2 * resident.Count + CompactFrom)
        {
            timers.Clear();
            timers.EnqueueRange(resident.Values.Select(entry => (entry, entry.Due)));
        }
    }

    /// <summary>All entries as bytes, in the order of their due times, wherever they lie.</summary>
    public IEnumerable<byte[]> ReadAll()
    {
        using var spilled = (spill?.ReadAll() ?? []).GetEnumerator();
        var isSpilled = spilled.MoveNext();
        foreach (var entry in resident.Values.OrderBy(entry => entry.Due))
        {
            for (; isSpilled && spilled.Current.Due.CompareTo(entry.Due) < 0; isSpilled = spilled.MoveNext())
            {
                yield return spilled.Current.Entry;
            }

            yield return BytesOf(entry);
        }

        for (; isSpilled; isSpilled = spilled.MoveNext())
        {
            yield return spilled.Current.Entry;
        }
    }

    /// <summary>Replaces everything by entries that <see cref="ReadAll"/> gave.</summary>
    public void Load(IEnumerable<byte[]> entries)
    {
        resident.Clear();
        timers.Clear();
        oldest.Clear();
        cost = 0;
        spill?.Clear();
        foreach (var entry in entries)
        {
            Keep(EntryCodec.Read(entry));
            Trim();
        }
    }

    private void SetTimer(JoinEntry entry, JoinDue due)
    {
        entry.Due = due;
        entry.IsTimed = true;
        timers.Enqueue(entry, due);
    }

    private static byte[] BytesOf(JoinEntry entry)
    {
        using var bytes = new MemoryStream();
        using var writer = new EntryWriter(bytes);
        entry.Write(writer);
        return bytes.ToArray();
    }
}
