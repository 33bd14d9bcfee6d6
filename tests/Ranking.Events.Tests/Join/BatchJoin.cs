using Ranking.Core;

namespace Ranking.Events.Tests;

/// <summary>
/// The join written again, as a batch over the whole sorted log: no timers, no state, every question answered by
/// looking at all records of one impression or request.
/// </summary>
internal sealed class BatchJoin
{
    private readonly TaskSet tasks;
    private readonly JoinSpec spec;
    private readonly Joined result = new();
    private readonly List<(Moment At, string Example)> examples = [];
    private readonly Dictionary<string, List<Stay>> stays = [];
    private readonly long longest;
    private readonly long remembered;

    private BatchJoin(TaskSet tasks, JoinSpec spec)
    {
        (this.tasks, this.spec) = (tasks, spec);
        longest = tasks.Tasks.Max(task => Ms(task.Window) + Ms(task.Lateness));
        remembered = tasks.Tasks.Max(task => Ms(task.Window)) + longest;
    }

    /// <summary>A point of the order: records of a time stand before the timers of that time.</summary>
    private readonly record struct Moment(long Time, bool IsTimer, int Index, int Sub) : IComparable<Moment>
    {
        public int CompareTo(Moment other) => (Time, IsTimer, Index, Sub).CompareTo((other.Time, other.IsTimer, other.Index, other.Sub));
    }

    private sealed record Row(int Index, long Order, LogPosition Position, LogEvent Record);

    private sealed record Stay(Row Row, ServedEvent Served)
    {
        public bool IsUsed { get; set; }
    }

    public static Joined Run(IEnumerable<LogEntry> log, TaskSet tasks, JoinSpec spec)
    {
        var batch = new BatchJoin(tasks, spec);
        var rows = batch.Sort(log);
        foreach (var request in rows.Where(row => row.Record is ServedEvent).GroupBy(row => ((ServedEvent)row.Record).RequestId))
        {
            batch.Serve(request.Key, request);
        }

        foreach (var key in rows.GroupBy(row => KeyOf(row.Record)).Where(group => group.Key != 0))
        {
            batch.Join(key.Key, [.. key]);
        }

        foreach (var stay in batch.stays.Values.SelectMany(list => list))
        {
            batch.Settle(stay.Row, stay.IsUsed ? Disposition.Joined : Disposition.Orphan, stay.IsUsed ? OrphanReason.None : OrphanReason.NoImpression);
        }

        batch.result.Examples.AddRange(batch.examples.OrderBy(example => example.At).Select(example => example.Example));
        return batch.result;
    }

    private static UInt128 KeyOf(LogEvent record) => record switch
    {
        ImpressionEvent impression => LogEvent.ImpressionKey(impression.RequestId, impression.ItemId),
        OutcomeEvent outcome => LogEvent.ImpressionKey(outcome.RequestId, outcome.ItemId),
        _ => 0,
    };

    private List<Row> Sort(IEnumerable<LogEntry> log)
    {
        var rows = new List<(long Order, LogEntry Entry)>();
        foreach (var partition in log.GroupBy(entry => entry.Position.Partition))
        {
            var max = long.MinValue;
            foreach (var entry in partition.OrderBy(entry => entry.Position.Offset))
            {
                if (entry.Fault is not null || entry.Event!.EventTime > entry.BrokerTime + Ms(spec.MaxAhead))
                {
                    result.Settlements.Add(entry.Position.ToString(), Joined.Describe(Disposition.DeadLetter, OrphanReason.None));
                    continue;
                }

                max = Math.Max(max, entry.Event.EventTime);
                rows.Add((max, entry));
            }
        }

        return [.. rows.OrderBy(row => row.Order).ThenBy(row => row.Entry.Position.Partition).ThenBy(row => row.Entry.Position.Offset)
            .Select((row, index) => new Row(index, row.Order, row.Entry.Position, row.Entry.Event!))];
    }

    private void Serve(string request, IEnumerable<Row> rows)
    {
        var list = stays[request] = [];
        foreach (var row in rows)
        {
            var served = (ServedEvent)row.Record;
            if (list.Count > 0 && row.Order <= list[^1].Served.EventTime + Ms(spec.ServedRetention))
            {
                Settle(row, Disposition.Duplicate);
            }
            else if (row.Order > served.EventTime + Ms(spec.ServedRetention))
            {
                Settle(row, Disposition.Orphan, OrphanReason.AfterClose);
            }
            else
            {
                list.Add(new Stay(row, served));
            }
        }
    }

    private void Join(UInt128 key, List<Row> rows)
    {
        while (rows.Find(row => row.Record is ImpressionEvent && row.Order <= row.Record.EventTime + longest) is { } first)
        {
            // Everything about this impression stands between the outcomes that wait for it and the end of its memory.
            var end = first.Record.EventTime + remembered;
            var before = rows.Where(row => row.Index < first.Index).ToList();
            var waiting = Unmatched(before, first.Order);
            var own = rows.Where(row => row.Index > first.Index && row.Order <= end).ToList();
            Match(key, first, waiting, own);
            rows = [.. rows.Where(row => row.Index > first.Index && row.Order > end)];
        }

        Unmatched(rows, long.MaxValue);
    }

    // Settles what stands before any impression; gives back the outcomes that still wait at an order time.
    private List<Row> Unmatched(List<Row> rows, long until)
    {
        var waiting = new List<Row>();
        foreach (var row in rows)
        {
            Drop(row.Order);
            if (row.Record is ImpressionEvent)
            {
                Settle(row, Disposition.Orphan, OrphanReason.AfterClose);
            }
            else if (!IsAsked(row))
            {
                Settle(row, Disposition.Orphan, OrphanReason.NoTask);
            }
            else if (waiting.Exists(other => NameOf(other) == NameOf(row)))
            {
                Settle(row, Disposition.Duplicate);
            }
            else if (row.Order > row.Record.EventTime + longest)
            {
                Settle(row, Disposition.Orphan, OrphanReason.AfterClose);
            }
            else
            {
                waiting.Add(row);
            }
        }

        Drop(until);
        return waiting;

        void Drop(long order)
        {
            waiting.FindAll(row => order > row.Record.EventTime + longest).ForEach(row => Settle(row, Disposition.Orphan, OrphanReason.NoImpression));
            waiting.RemoveAll(row => order > row.Record.EventTime + longest);
        }
    }

    private void Match(UInt128 key, Row first, List<Row> waiting, List<Row> own)
    {
        var impression = (ImpressionEvent)first.Record;
        Settle(first, Disposition.Joined);
        var (place, features, isReconstructed) = Complete(first, impression);
        var labels = new List<(Moment At, uint Tasks)>();
        foreach (var row in waiting.Concat(own))
        {
            if (row.Record is ImpressionEvent || (IsAsked(row) && waiting.Concat(own).Any(other => other.Index < row.Index && NameOf(other) == NameOf(row))))
            {
                Settle(row, Disposition.Duplicate);
            }
            else if (!IsAsked(row))
            {
                Settle(row, Disposition.Orphan, OrphanReason.NoTask);
            }
            else
            {
                labels.Add((new Moment(Math.Max(row.Order, first.Order), false, Math.Max(row.Index, first.Index), 0), Label(row, impression.EventTime)));
            }
        }

        Emit(key, first, place, features, isReconstructed, labels);
    }

    private uint Label(Row row, long shown)
    {
        var asked = tasks.Tasks.Select((task, t) => (task, t)).Where(pair => pair.task.Outcome == NameOf(row)).ToList();
        var inside = asked.FindAll(pair => row.Record.EventTime >= shown && row.Record.EventTime <= shown + Ms(pair.task.Window));
        var inTime = inside.FindAll(pair => row.Order <= shown + Ms(pair.task.Window) + Ms(pair.task.Lateness));
        Settle(
            row,
            inTime.Count > 0 ? Disposition.Joined : Disposition.Orphan,
            inTime.Count > 0 ? OrphanReason.None : inside.Count > 0 ? OrphanReason.AfterClose : OrphanReason.OutsideWindow);
        return inTime.Aggregate(0u, (bits, pair) => bits | 1u << pair.t);
    }

    private (Moment Place, FeatureRecords Features, bool IsReconstructed) Complete(Row first, ImpressionEvent impression)
    {
        if (impression.Features is { } own)
        {
            return (new Moment(first.Order, false, first.Index, 0), own, false);
        }

        var candidates = stays.GetValueOrDefault(impression.RequestId) ?? [];
        var stay = candidates.Find(stay => stay.Row.Index < first.Index && first.Order <= stay.Served.EventTime + Ms(spec.ServedRetention))
            ?? candidates.Find(stay => stay.Row.Index > first.Index && stay.Row.Order <= first.Order + Ms(spec.ServedWait));
        if (stay is null)
        {
            var tables = new FeatureRecords(result.User(impression.UserId), default, result.Item(impression.ItemId), default);
            return (new Moment(first.Order + Ms(spec.ServedWait), true, first.Index, 0), tables, true);
        }

        stay.IsUsed = true;
        var place = stay.Row.Index < first.Index ? new Moment(first.Order, false, first.Index, 0) : new Moment(stay.Row.Order, false, stay.Row.Index, first.Index);
        var listed = stay.Served.Items.Where(item => item.ItemId == impression.ItemId).ToList();
        return listed.Count > 0
            ? (place, new FeatureRecords(stay.Served.UserFeatures, stay.Served.ContextFeatures, listed[0].Features, listed[0].PairFeatures), false)
            : (place, new FeatureRecords(stay.Served.UserFeatures, stay.Served.ContextFeatures, result.Item(impression.ItemId), default), true);
    }

    private void Emit(UInt128 key, Row first, Moment place, FeatureRecords features, bool isReconstructed, List<(Moment At, uint Tasks)> labels)
    {
        var closes = tasks.Tasks.Select((task, t) => (At: new Moment(first.Record.EventTime + Ms(task.Window) + Ms(task.Lateness), true, first.Index, 0), Bit: 1u << t)).ToList();
        var emitted = 0u;
        foreach (var at in closes.Select(close => close.At).Concat(labels.Select(label => label.At)).Append(place).Where(at => at.CompareTo(place) >= 0).Distinct().Order())
        {
            var known = labels.Where(label => label.At.CompareTo(at) <= 0).Aggregate(0u, (bits, label) => bits | label.Tasks);
            var closed = closes.Where(close => close.At.Time < at.Time || (close.At.Time == at.Time && at.IsTimer)).Aggregate(0u, (bits, close) => bits | close.Bit);
            var now = (closed | (spec.Emit == EmitMode.OnLabel ? known : 0)) & ~emitted;
            emitted |= now;
            if (now != 0)
            {
                examples.Add((at, Joined.Describe(key, now, known, ((ImpressionEvent)first.Record).Position, isReconstructed, features)));
            }
        }
    }

    private void Settle(Row row, Disposition disposition, OrphanReason reason = OrphanReason.None) =>
        result.Settlements.Add(row.Position.ToString(), Joined.Describe(disposition, reason));

    private bool IsAsked(Row row) => tasks.Tasks.Any(task => task.Outcome == NameOf(row));

    private static string NameOf(Row row) => row.Record is OutcomeEvent outcome ? outcome.Name : "";

    private static long Ms(TimeSpan span) => (long)span.TotalMilliseconds;
}
