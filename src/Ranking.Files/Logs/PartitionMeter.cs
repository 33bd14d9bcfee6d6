using Ranking.Core;

namespace Ranking.Files;

/// <summary>How much of a finite log has been read, by how far each partition is: in records or in bytes.</summary>
internal sealed class PartitionMeter(long total)
{
    private readonly Dictionary<LogPartition, long> reached = [];

    /// <summary>0 to 1.</summary>
    public double Share => (double)reached.Values.Sum() / Math.Max(1, total);

    public void Reach(LogPartition partition, long position) => reached[partition] = position;
}
