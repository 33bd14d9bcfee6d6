using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Events;

/// <summary>Reads a whole finite log through merge and join.</summary>
public static class JoinReading
{
    private static readonly TimeSpan PollWait = TimeSpan.FromMilliseconds(100);

    /// <summary>Reads the log to its end and closes all windows there.</summary>
    /// <param name="log">The log.</param>
    /// <param name="maxAhead">How far an event time may lie after the broker's time.</param>
    /// <param name="join">Takes its records.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="progress">Hears how much has been read, 0 to 1, where the log knows.</param>
    /// <returns>The position after the last record of each partition.</returns>
    public static async Task<ImmutableArray<LogPosition>> RunAsync(IEventLog log, TimeSpan maxAhead, LabelJoin join, CancellationToken cancellation, IProgress<double>? progress = null)
    {
        var merged = new MergedLog(log, new EventMerge(log.Start.Select(start => MergePosition.Start(start.Partition, start.Offset)), maxAhead));
        while (await merged.FillAsync(PollWait, cancellation).ConfigureAwait(false))
        {
            while (merged.TryTake(out var next))
            {
                join.Process(next);
            }

            if (log.Progress is { } share)
            {
                progress?.Report(share);
            }
        }

        join.End();
        return merged.Merge.Unread;
    }
}
