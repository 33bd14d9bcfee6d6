namespace Ranking.Events;

/// <summary>When a pending entry has to be looked at next; entries are ordered by it.</summary>
/// <param name="Time">Order time, Unix milliseconds.</param>
/// <param name="Arrival">The entry's number in the order of arrival: entries of one time come in this order.</param>
public readonly record struct JoinDue(long Time, long Arrival) : IComparable<JoinDue>
{
    /// <inheritdoc/>
    public int CompareTo(JoinDue other) => Time != other.Time ? Time.CompareTo(other.Time) : Arrival.CompareTo(other.Arrival);
}

/// <summary>Where pending entries go that do not fit into memory. It starts empty: a checkpoint holds what is in it.</summary>
public interface IJoinSpill : IDisposable
{
    /// <summary>The least due time of all entries; null when there are none. Asked before every record: cheap.</summary>
    JoinDue? Earliest { get; }

    /// <summary>Stores an entry that is not in the spill yet.</summary>
    void Put(UInt128 key, JoinDue due, ReadOnlySpan<byte> entry);

    /// <summary>Removes the entry of this key and returns it; null when there is none.</summary>
    byte[]? Take(UInt128 key);

    /// <summary>Removes the entry that is due first and returns it.</summary>
    byte[] TakeEarliest();

    /// <summary>All entries in the order of their due times, left where they are.</summary>
    IEnumerable<(JoinDue Due, byte[] Entry)> ReadAll();

    /// <summary>Removes all entries.</summary>
    void Clear();
}
