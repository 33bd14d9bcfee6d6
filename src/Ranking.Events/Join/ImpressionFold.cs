using Ranking.Core;

namespace Ranking.Events;

/// <summary>Impressions, their outcomes, and the examples that they become.</summary>
/// <param name="windows">When labels close.</param>
/// <param name="emit">When positives are emitted.</param>
/// <param name="store">What is pending.</param>
/// <param name="ledger">What records came to.</param>
/// <param name="output">Takes impressions and examples.</param>
/// <param name="history">Fills in the declared statistics and sequences; null where there are none.</param>
internal sealed class ImpressionFold(
    TaskWindows windows, EmitMode emit, JoinStore store, JoinLedger ledger, IJoinOutput output, HistoryFold? history)
{
    /// <summary>The number of the next example.</summary>
    public long NextSequence { get; set; }

    /// <summary>
    /// Takes an impression in. Null when it is a duplicate or too late; otherwise its entry, whose features are to be
    /// completed now or later.
    /// </summary>
    public ImpressionEntry? Open(ImpressionEvent impression, LogPosition position, long orderTime, long arrival)
    {
        var key = LogEvent.ImpressionKey(impression.RequestId, impression.ItemId);
        var entry = (ImpressionEntry?)store.Find(key);
        if (entry is { IsKnown: true })
        {
            ledger.Settle(position, RecordKind.Impression, Disposition.Duplicate);
            return null;
        }

        if (orderTime > impression.EventTime + windows.Longest)
        {
            ledger.Settle(position, RecordKind.Impression, Disposition.Orphan, OrphanReason.AfterClose);
            return null;
        }

        var isNew = entry is null;
        var due = new JoinDue(windows.NextClose(impression.EventTime, windows.All), arrival);
        entry ??= new ImpressionEntry { Key = key, Due = due };
        entry.IsKnown = true;
        entry.Position = position;
        entry.Time = impression.EventTime;
        entry.Shown = impression.Position;
        entry.User = LogEvent.EntityKey(impression.UserId);
        entry.Item = LogEvent.EntityKey(impression.ItemId);
        entry.Weight = impression.Weight;
        entry.SamplingRate = impression.SamplingRate;
        entry.Split = impression.Split;
        foreach (var outcome in entry.Waiting ?? [])
        {
            Match(entry, outcome);
        }

        entry.Waiting = null;
        if (isNew)
        {
            store.Keep(entry);
        }
        else
        {
            store.Reschedule(entry, due);
        }

        return entry;
    }

    /// <summary>
    /// Gives an impression its features, which makes this its place in the order, and emits what should have been
    /// emitted by then: the tasks whose windows closed up to <paramref name="closedBy"/>. What was not served gets the
    /// past of this place.
    /// </summary>
    public void Complete(ImpressionEntry entry, in FeatureRecords features, bool isServed, bool isReconstructed, long place, long closedBy)
    {
        entry.Features = isServed || history is null ? features : history.Complete(features, entry.User, entry.Time, entry.Split);
        entry.Place = place;
        entry.IsReconstructed = isReconstructed;
        entry.IsComplete = true;
        entry.UserId = entry.ItemId = "";
        if (isReconstructed)
        {
            ledger.Reconstruct();
        }

        ledger.Settle(entry.Position, RecordKind.Impression, Disposition.Joined);
        output.Impression(new JoinedImpression(
            entry.Key, entry.Position, place, entry.Time, entry.User, entry.Features, isReconstructed, entry.Split));
        history?.Take(entry);
        foreach (var outcome in entry.Uncounted ?? [])
        {
            Count(entry, outcome, place);
        }

        entry.Uncounted = null;
        Emit(entry, windows.ClosedAt(closedBy, entry.Time, windows.All) | Early(entry));
        Schedule(entry);
    }

    /// <summary>Takes an outcome in.</summary>
    public void Take(OutcomeEvent outcome, LogPosition position, long orderTime, long arrival)
    {
        var name = windows.OutcomeOf(outcome.Name);
        if (name < 0)
        {
            ledger.Settle(position, RecordKind.Outcome, Disposition.Orphan, OrphanReason.NoTask);
            return;
        }

        var key = LogEvent.ImpressionKey(outcome.RequestId, outcome.ItemId);
        var entry = (ImpressionEntry?)store.Find(key);
        if (entry is not null && (entry.Seen >> name & 1) == 1)
        {
            ledger.Settle(position, RecordKind.Outcome, Disposition.Duplicate);
            return;
        }

        var pending = new PendingOutcome(name, outcome.EventTime, orderTime, position, outcome.Value);
        if (entry is { IsKnown: true })
        {
            entry.Seen |= 1u << name;
            Match(entry, pending);
            if (entry.IsComplete && Early(entry) is var early and not 0)
            {
                Emit(entry, early);
                Schedule(entry);
            }
        }
        else if (orderTime > outcome.EventTime + windows.Longest)
        {
            // Every impression that it could follow has closed.
            ledger.Settle(position, RecordKind.Outcome, Disposition.Orphan, OrphanReason.AfterClose);
        }
        else if (entry is null)
        {
            store.Keep(new ImpressionEntry
            {
                Key = key,
                Due = new JoinDue(outcome.EventTime + windows.Longest, arrival),
                Seen = 1u << name,
                Waiting = [pending],
            });
        }
        else
        {
            entry.Seen |= 1u << name;
            entry.Waiting!.Add(pending);
            Schedule(entry);
        }
    }

    /// <summary>An entry's time has come, and it is not one that waits for a served record.</summary>
    public void Fire(ImpressionEntry entry)
    {
        var now = entry.Due.Time;
        if (!entry.IsKnown)
        {
            Expire(entry, now);
        }
        else
        {
            Emit(entry, windows.ClosedAt(now, entry.Time, windows.All));
        }

        if (entry.IsKnown ? entry.Emitted == windows.All && entry.Time + windows.Remembered <= now : entry.Waiting!.Count == 0)
        {
            store.Remove(entry);
        }
        else
        {
            Schedule(entry);
        }
    }

    private void Expire(ImpressionEntry entry, long now)
    {
        foreach (var outcome in entry.Waiting!.Where(outcome => outcome.Time + windows.Longest <= now))
        {
            entry.Seen &= ~(1u << outcome.Name);
            ledger.Settle(outcome.Position, RecordKind.Outcome, Disposition.Orphan, OrphanReason.NoImpression);
        }

        entry.Waiting!.RemoveAll(outcome => outcome.Time + windows.Longest <= now);
    }

    private void Match(ImpressionEntry entry, in PendingOutcome outcome)
    {
        var positive = windows.Match(outcome, entry.Time, out var reason);
        entry.Labels |= positive;
        if (reason != OrphanReason.None)
        {
            ledger.Settle(outcome.Position, RecordKind.Outcome, Disposition.Orphan, reason);
            return;
        }

        ledger.Settle(outcome.Position, RecordKind.Outcome, Disposition.Joined);
        if (entry.IsComplete)
        {
            Count(entry, outcome, outcome.OrderTime);
        }
        else if (history is not null)
        {
            (entry.Uncounted ??= []).Add(outcome);
        }
    }

    private void Count(ImpressionEntry entry, in PendingOutcome outcome, long orderTime) =>
        history?.Take(entry, windows.NameOf(outcome.Name), outcome.Value, orderTime);

    // Positives that need not wait for their window.
    private uint Early(ImpressionEntry entry) => emit == EmitMode.OnLabel ? entry.Labels & ~entry.Emitted : 0;

    private void Schedule(ImpressionEntry entry)
    {
        var due = !entry.IsKnown ? entry.Waiting!.Min(outcome => outcome.Time) + windows.Longest
            : entry.Emitted == windows.All ? entry.Time + windows.Remembered
            : windows.NextClose(entry.Time, windows.All & ~entry.Emitted);
        store.Reschedule(entry, entry.Due with { Time = due });
    }

    private void Emit(ImpressionEntry entry, uint tasks)
    {
        tasks &= ~entry.Emitted;
        if (tasks == 0)
        {
            return;
        }

        output.Example(new Example
        {
            Sequence = NextSequence++,
            EventTime = entry.Time,
            Position = entry.Shown,
            Impression = entry.Key,
            User = entry.User,
            Features = entry.Features,
            Labels = entry.Labels,
            Observed = tasks,
            Weight = entry.Weight,
            SamplingRate = entry.SamplingRate,
            IsReconstructed = entry.IsReconstructed,
            Predicted = entry.Predicted,
            Split = entry.Split,
        });
        entry.Emitted |= tasks;
        if (entry.Emitted == windows.All)
        {
            // Before the windows close, outcomes may still come that count under its features.
            entry.Features = emit == EmitMode.OnLabel && history is not null ? entry.Features : default;
            entry.Predicted = [];
        }
    }
}
