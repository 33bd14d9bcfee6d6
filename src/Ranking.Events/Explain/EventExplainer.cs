using Ranking.Core;

namespace Ranking.Events;

/// <summary>
/// Runs merge and join over a log once more and keeps what happens to one event: why it was or was not joined.
/// </summary>
public sealed class EventExplainer
{
    private static readonly TimeSpan QuietBefore = TimeSpan.FromSeconds(5);

    private readonly TaskSet tasks;
    private readonly EventWatch watch;
    private readonly (string Request, string Item, string? Name) wanted;

    private EventExplainer(TaskSet tasks, EventWatch watch, string requestId, string itemId, string? name)
    {
        (this.tasks, this.watch) = (tasks, watch);
        wanted = (requestId, itemId, name);
    }

    /// <summary>Explains an impression, or one of its outcomes.</summary>
    /// <param name="log">The log, from its start: to its end, or until five seconds bring nothing new.</param>
    /// <param name="tasks">The tasks, with their windows.</param>
    /// <param name="spec">How the log is joined.</param>
    /// <param name="requestId">The request.</param>
    /// <param name="itemId">The item.</param>
    /// <param name="name">The outcome's name; null for the impression itself.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <param name="progress">Hears how much has been read, 0 to 1, where the log knows.</param>
    /// <exception cref="LogPositionException">A wanted position is no longer in the log.</exception>
    public static async Task<EventExplanation> ExplainAsync(
        IEventLog log, TaskSet tasks, JoinSpec spec, string requestId, string itemId, string? name, CancellationToken cancellation,
        IProgress<double>? progress = null)
    {
        var watch = new EventWatch(requestId, itemId, name);
        var merge = new EventMerge(log.Start.Select(position => MergePosition.Start(position.Partition, position.Offset)), spec.MaxAhead);
        // The fold is the same without a limit, and without the entity tables: features say nothing about what is joined.
        var join = new LabelJoin(tasks, spec with { MemoryEntries = int.MaxValue }, watch, watch);
        var merged = new MergedLog(log, merge);
        var goesOn = false;
        for (var before = merge.Unread; await merged.FillAsync(QuietBefore, cancellation).ConfigureAwait(false); before = merge.Unread)
        {
            while (merged.TryTake(out var record))
            {
                goesOn |= Equals(record.Entry.Event, EndEvent.OfReading);
                watch.Watch(record);
                join.Process(record);
            }

            if (log.Progress is { } share)
            {
                progress?.Report(share);
            }

            if (before.SequenceEqual(merge.Unread))
            {
                break;
            }
        }

        // Windows that are open where a reading ends are open: what they wait for may still come.
        if (merge.IsEnded && !goesOn)
        {
            join.End();
        }

        return new EventExplainer(tasks, watch, requestId, itemId, name).Explain();
    }

    private EventExplanation Explain() => new(
        [.. watch.Records.Select(Explain)],
        [.. watch.Examples.Select(example => new ExplainedExample(
            example.Sequence, [.. NamesOf(example.Labels)], [.. NamesOf(example.Observed)], example.IsReconstructed))]);

    private ExplainedRecord Explain(MergedEvent record)
    {
        var position = record.Entry.Position;
        var time = record.Entry.Event!.EventTime;
        var isSettled = watch.Settlements.TryGetValue(position, out var settlement);
        var text = !isSettled ? "waits: the log stops before its windows close." : settlement.Disposition switch
        {
            Disposition.Joined => wanted.Name is null ? "joined: it has its features and yields examples." : $"joined: positive for {PositiveFor(time, record.OrderTime)}.",
            Disposition.Duplicate => $"duplicate of {watch.Records.First(other => other.Fault is null).Entry.Position}.",
            Disposition.DeadLetter => $"dead letter: {record.Fault}",
            _ => $"orphan: {WhyOrphan(settlement.Reason, time, record.OrderTime)}",
        };
        return new ExplainedRecord(position, time, record.OrderTime, isSettled ? settlement.Disposition : null, text);
    }

    private string PositiveFor(long time, long orderTime) => string.Join(", ", tasks.Tasks
        .Where(task => task.Outcome == wanted.Name
            && time <= watch.Shown + task.Window.TotalMilliseconds
            && orderTime <= watch.Shown + (task.Window + task.Lateness).TotalMilliseconds)
        .Select(task => task.Name));

    private string WhyOrphan(OrphanReason reason, long time, long orderTime) => reason switch
    {
        OrphanReason.NoTask => $"no task has the outcome '{wanted.Name}'; tasks have {string.Join(", ", tasks.Tasks.Select(task => task.Outcome).Distinct())}.",
        OrphanReason.NoImpression => $"no impression of item '{wanted.Item}' for request '{wanted.Request}' came within {tasks.Tasks.Max(task => task.Window + task.Lateness)} of it.",
        OrphanReason.OutsideWindow => $"it happened {time - watch.Shown} ms after its impression, outside the windows {Windows()}.",
        _ => $"it came {orderTime - (watch.Shown ?? time)} ms after the impression in order time, after the windows had closed ({Windows()}).",
    };

    private string Windows() => string.Join(", ", tasks.Tasks
        .Where(task => wanted.Name is null || task.Outcome == wanted.Name)
        .Select(task => $"{task.Name} {task.Window} late {task.Lateness}"));

    private IEnumerable<string> NamesOf(uint bits) => tasks.Tasks.Where((_, t) => (bits >> t & 1) == 1).Select(task => task.Name);
}
