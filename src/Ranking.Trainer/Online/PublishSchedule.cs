using Ranking.Models;

namespace Ranking.Trainer;

/// <summary>What is due to be published.</summary>
internal enum Publication : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A delta over the last version.</summary>
    Delta = 1,

    /// <summary>A version.</summary>
    Version = 2,
}

/// <summary>
/// When a version is offered to the gate: after a number of examples, or where order time crosses a grid; and when a delta is
/// published between versions.
/// </summary>
internal sealed class PublishSchedule(TrainingSpec training)
{
    private long lastLearned;
    private long lastDelta;
    private long versionGrid = long.MinValue;
    private long deltaGrid = long.MinValue;

    /// <summary>What is due; once it is, the count begins anew.</summary>
    /// <param name="learned">Examples learned from.</param>
    /// <param name="orderTime">Unix milliseconds.</param>
    public Publication Due(long learned, long orderTime)
    {
        var isCrossed = IsCrossed(training.PublishEvery, ref versionGrid, orderTime);
        var isDeltaCrossed = IsCrossed(training.DeltaEvery, ref deltaGrid, orderTime);
        if (learned - lastLearned >= training.PublishEveryExamples || (isCrossed && learned > lastLearned))
        {
            (lastLearned, lastDelta) = (learned, learned);
            return Publication.Version;
        }

        if (isDeltaCrossed && learned > lastDelta)
        {
            lastDelta = learned;
            return Publication.Delta;
        }

        return Publication.None;
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(lastLearned);
        writer.Write(lastDelta);
        writer.Write(versionGrid);
        writer.Write(deltaGrid);
    }

    public void Load(BinaryReader reader) =>
        (lastLearned, lastDelta, versionGrid, deltaGrid) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());

    // The first time of all begins the grid.
    private static bool IsCrossed(TimeSpan? every, ref long last, long orderTime)
    {
        if (every is not { } grid)
        {
            return false;
        }

        var (before, line) = (last, Math.DivRem(orderTime, (long)grid.TotalMilliseconds).Quotient);
        last = Math.Max(before, line);
        return before != long.MinValue && line > before;
    }
}
