using Ranking.Core;

namespace Ranking.Events;

/// <summary>
/// Joins impressions with what the server answered and with their outcomes, within each task's declared window: a pure
/// fold over the merged event order.
/// </summary>
/// <remarks>
/// <para>The window of task t of an impression at time i closes at c = i + window + lateness. An outcome at time o makes
/// it positive if i ≤ o ≤ i + window and it is released at an order time ≤ c. The labels of all tasks that close at one
/// time make one example; a task that closes later is a second example, masked to it, with all labels known by then.</para>
/// <para>Timers fire in the order of (time, arrival), before the first record of a later order time. An impression whose
/// every window has closed when it is released is an orphan. Keys are remembered until i + largest window + largest
/// (window + lateness); repeats after that are orphans by the same rule. Not safe for concurrent use; the output may call
/// <see cref="SetPrediction"/> while it is called.</para>
/// </remarks>
public sealed class LabelJoin
{
    private readonly TaskWindows windows;
    private readonly JoinStore store;
    private readonly JoinLedger ledger;
    private readonly ImpressionFold impressions;
    private readonly ServedFold served;
    private readonly HistoryFold? history;
    private readonly string declaration;
    private long arrivals;

    /// <param name="tasks">The tasks, with their windows.</param>
    /// <param name="spec">How examples are emitted, how long served records are awaited and kept.</param>
    /// <param name="entities">Where features come from that no served record has.</param>
    /// <param name="output">Takes impressions, examples and settlements.</param>
    /// <param name="spill">Takes what exceeds <see cref="JoinSpec.MemoryEntries"/>; null keeps everything in memory.</param>
    /// <param name="history">The declared statistics and sequences, which the join moves along; null where there are none.</param>
    public LabelJoin(
        TaskSet tasks, JoinSpec spec, IEntityTables entities, IJoinOutput output, IJoinSpill? spill = null, HistoryFold? history = null)
    {
        this.history = history;
        windows = new TaskWindows(tasks, history?.Outcomes ?? []);
        store = new JoinStore(spec.MemoryEntries, spill);
        ledger = new JoinLedger(output);
        impressions = new ImpressionFold(windows, spec.Emit, store, ledger, output, history);
        served = new ServedFold(spec, impressions, entities, store, ledger);
        declaration = $"{windows.Text}; emit {spec.Emit}, served_wait {spec.ServedWait}, served_retention {spec.ServedRetention}";
    }

    /// <summary>What came in and what it came to so far.</summary>
    public JoinCounts Counts => ledger.Counts;

    /// <summary>The number of the next example.</summary>
    public long NextSequence => impressions.NextSequence;

    /// <summary>Fires the timers of earlier times, then takes the record in.</summary>
    public void Process(in MergedEvent merged)
    {
        FireBefore(merged.OrderTime);
        history?.AdvanceTo(merged.OrderTime);
        var position = merged.Entry.Position;
        var kind = KindOf(merged.Entry.Event);
        if (merged.Fault is not null)
        {
            ledger.Receive(kind);
            ledger.Settle(new Settlement(position, kind, Disposition.DeadLetter, DeadLetter: merged));
        }
        else if (kind != RecordKind.Other)
        {
            ledger.Receive(kind);
            Take(merged.Entry.Event!, position, merged.OrderTime);
        }

        history?.Reach(new HistoryPosition(merged.OrderTime, position));
        store.Trim();
    }

    /// <summary>Closes all windows in the order of their time: every partition has ended.</summary>
    public void End()
    {
        FireBefore(long.MaxValue);
        history?.End();
    }

    /// <summary>
    /// Keeps what the model predicted for an impression, for <see cref="Example.Predicted"/>. False when its last
    /// example is out, or it never came: the prediction is dropped.
    /// </summary>
    public bool SetPrediction(UInt128 impression, ReadOnlySpan<float> outputs)
    {
        if (store.Find(impression) is not ImpressionEntry { IsKnown: true } entry || entry.Emitted == windows.All)
        {
            return false;
        }

        entry.Predicted = outputs.ToArray();
        return true;
    }

    /// <summary>Writes everything that is pending, in a form that depends on the log alone.</summary>
    public void Save(Stream stream) => JoinState.Write(stream, declaration, arrivals, impressions, ledger, store, history);

    /// <summary>Goes on from what <see cref="Save"/> wrote, in place of what is pending now.</summary>
    /// <exception cref="InvalidDataException">Other bytes, another format version, or other tasks.</exception>
    public void Load(Stream stream) => arrivals = JoinState.Read(stream, declaration, impressions, ledger, store, history);

    private void Take(LogEvent record, LogPosition position, long orderTime)
    {
        switch (record)
        {
            case ServedEvent answer:
                served.Take(answer, position, orderTime, arrivals++);
                break;
            case OutcomeEvent outcome:
                impressions.Take(outcome, position, orderTime, arrivals++);
                break;
            case ImpressionEvent impression when impressions.Open(impression, position, orderTime, arrivals++) is { } entry:
                if (impression.Features is { } own)
                {
                    impressions.Complete(entry, own, isServed: false, isReconstructed: false, orderTime, orderTime - 1);
                }
                else
                {
                    served.Serve(entry, impression, orderTime, arrivals++);
                }

                break;
        }
    }

    private void FireBefore(long orderTime)
    {
        while (store.TakeDue(orderTime) is { } entry)
        {
            history?.AdvanceTo(entry.Due.Time);
            switch (entry)
            {
                case ServedEntry request:
                    served.Fire(request);
                    break;
                case ImpressionEntry { IsKnown: true, IsComplete: false } waiting:
                    served.Reconstruct(waiting);
                    break;
                case ImpressionEntry impression:
                    impressions.Fire(impression);
                    break;
            }

            store.Trim();
        }
    }

    private static RecordKind KindOf(LogEvent? record) => record switch
    {
        ServedEvent => RecordKind.Served,
        ImpressionEvent => RecordKind.Impression,
        OutcomeEvent => RecordKind.Outcome,
        _ => RecordKind.Other,
    };
}
