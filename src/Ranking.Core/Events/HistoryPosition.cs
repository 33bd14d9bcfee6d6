namespace Ranking.Core;

/// <summary>
/// A place in the merged event order: that of a record that has been folded. The state at it is a function of the log: all
/// records up to this one, and what had become visible before its order time.
/// </summary>
/// <param name="OrderTime">The record's order time, Unix milliseconds.</param>
/// <param name="Record">Where the record stands.</param>
public readonly record struct HistoryPosition(long OrderTime, LogPosition Record) : IComparable<HistoryPosition>
{
    /// <inheritdoc/>
    public int CompareTo(HistoryPosition other) =>
        OrderTime != other.OrderTime ? OrderTime.CompareTo(other.OrderTime)
        : Record.Partition.CompareTo(other.Record.Partition) is var partition and not 0 ? partition
        : Record.Offset.CompareTo(other.Record.Offset);

    /// <inheritdoc/>
    public override string ToString() => $"{Record} at {OrderTime}";
}
