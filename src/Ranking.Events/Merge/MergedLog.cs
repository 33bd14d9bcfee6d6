using Ranking.Core;

namespace Ranking.Events;

/// <summary>A log read in the merged order: fill, then take until nothing is ready, and again.</summary>
public sealed class MergedLog(IEventLog log, EventMerge merge)
{
    /// <summary>The merge: its positions are what a checkpoint keeps.</summary>
    public EventMerge Merge => merge;

    /// <summary>
    /// Reads whatever has come, waiting at most so long. False when every partition has ended and every record is taken,
    /// or when the log is at its end without an <c>end</c>: then another one may go on at <see cref="EventMerge.Unread"/>.
    /// </summary>
    /// <exception cref="LogPositionException">A wanted position is no longer, or not yet, in the log.</exception>
    public async ValueTask<bool> FillAsync(TimeSpan wait, CancellationToken cancellation)
    {
        if (merge.IsEnded || log.IsAtEnd)
        {
            return false;
        }

        merge.Balance(log);
        foreach (var entry in await log.ReadAsync(wait, cancellation).ConfigureAwait(false))
        {
            merge.Add(entry);
        }

        return true;
    }

    /// <summary>The next record of the order, if every partition has passed it.</summary>
    public bool TryTake(out MergedEvent merged) => merge.TryTake(out merged);
}
