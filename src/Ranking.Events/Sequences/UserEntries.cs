namespace Ranking.Events;

/// <summary>The newest entries of one user, in a ring.</summary>
internal sealed class UserEntries(int last)
{
    private SequenceEntry[] ring = new SequenceEntry[Math.Min(last, 4)];
    private int newest;

    public int Count { get; private set; }

    /// <summary>The n-th newest, from 0.</summary>
    public ref SequenceEntry this[int n] => ref ring[(newest - n + ring.Length) % ring.Length];

    /// <summary>Adds the newest; beyond the declared number the oldest goes.</summary>
    public void Add(in SequenceEntry entry)
    {
        if (Count == ring.Length && Count < last)
        {
            var larger = new SequenceEntry[Math.Min(last, Count * 2)];
            for (var n = 0; n < Count; n++)
            {
                larger[Count - 1 - n] = this[n];
            }

            (ring, newest) = (larger, Count - 1);
        }

        newest = Count == 0 ? 0 : (newest + 1) % ring.Length;
        ring[newest] = entry;
        Count = Math.Min(Count + 1, ring.Length);
    }

    /// <summary>Makes outcomes of an impression visible; false where it is not among the entries.</summary>
    public bool Mark(ulong impression, uint outcomes)
    {
        for (var n = 0; n < Count; n++)
        {
            ref var entry = ref this[n];
            if (entry.Impression == impression)
            {
                entry = entry with { Outcomes = entry.Outcomes | outcomes };
                return true;
            }
        }

        return false;
    }
}
