using Ranking.Core;

namespace Ranking.Events;

/// <summary>What a checkpoint keeps of a partition: enough to read on as if nothing had happened.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Offset">The offset of the first record that has not been released: reading starts there again.</param>
/// <param name="MaxTime">The running maximum of event time over the released records; <see cref="long.MinValue"/> before the first.</param>
/// <param name="IsEnded">Whether the partition's end has been released.</param>
public readonly record struct MergePosition(LogPartition Partition, long Offset, long MaxTime, bool IsEnded)
{
    /// <summary>The position of a partition of which nothing has been released yet.</summary>
    public static MergePosition Start(LogPartition partition, long offset = 0) => new(partition, offset, long.MinValue, false);
}
