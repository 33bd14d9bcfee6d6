using Ranking.Models;

namespace Ranking.Trainer;

/// <summary>When a version is offered to the gate: after a number of examples, or where order time crosses a grid.</summary>
internal sealed class PublishSchedule(TrainingSpec training)
{
    /// <summary>Examples learned from when the last version was offered.</summary>
    public long LastLearned { get; set; }

    /// <summary>The grid line of order time that was crossed last.</summary>
    public long LastGrid { get; set; } = long.MinValue;

    /// <summary>Whether a version is due; once it is, the count begins anew.</summary>
    public bool IsDue(long learned, long orderTime)
    {
        var isDue = training.PublishEveryExamples is { } examples && learned - LastLearned >= examples;
        if (training.PublishEvery is { } every)
        {
            var grid = Math.DivRem(orderTime, (long)every.TotalMilliseconds).Quotient;
            isDue |= LastGrid != long.MinValue && grid > LastGrid && learned > LastLearned;
            LastGrid = Math.Max(grid, LastGrid);
        }

        LastLearned = isDue ? learned : LastLearned;
        return isDue;
    }
}
