using Ranking.Core;

namespace Ranking.Events;

/// <summary>Served records, and the impressions that take their features from them.</summary>
internal sealed class ServedFold(
    JoinSpec spec, ImpressionFold impressions, IEntityTables entities, JoinStore store, JoinLedger ledger)
{
    private readonly long wait = (long)spec.ServedWait.TotalMilliseconds;
    private readonly long retention = (long)spec.ServedRetention.TotalMilliseconds;

    /// <summary>Takes a served record in, and completes the impressions that waited for it.</summary>
    public void Take(ServedEvent served, LogPosition position, long orderTime, long arrival)
    {
        var key = LogEvent.RequestKey(served.RequestId);
        var entry = (ServedEntry?)store.Find(key);
        if (entry is { IsKnown: true })
        {
            ledger.Settle(position, RecordKind.Served, Disposition.Duplicate);
            return;
        }

        if (orderTime > served.EventTime + retention)
        {
            ledger.Settle(position, RecordKind.Served, Disposition.Orphan, OrphanReason.AfterClose);
            return;
        }

        var isNew = entry is null;
        var due = new JoinDue(served.EventTime + retention, arrival);
        entry ??= new ServedEntry { Key = key, Due = due };
        entry.IsKnown = true;
        entry.Position = position;
        entry.User = served.UserFeatures;
        entry.Context = served.ContextFeatures;
        entry.Items = served.Items;
        if (isNew)
        {
            store.Keep(entry);
        }
        else
        {
            store.Charge(entry.Cost - 1);
            store.Reschedule(entry, due);
        }

        foreach (var waiting in entry.Waiting)
        {
            if (store.Find(waiting) is ImpressionEntry { IsKnown: true, IsComplete: false } impression)
            {
                Complete(impression, entry, orderTime);
            }
        }

        entry.Waiting = [];
    }

    /// <summary>Completes an impression from its request's served record, or lets it wait for that.</summary>
    public void Serve(ImpressionEntry impression, ImpressionEvent source, long orderTime, long arrival)
    {
        impression.UserId = source.UserId;
        impression.ItemId = source.ItemId;
        var until = new JoinDue(orderTime + wait, arrival);
        var key = LogEvent.RequestKey(source.RequestId);
        switch (store.Find(key))
        {
            case ServedEntry { IsKnown: true } served:
                Complete(impression, served, orderTime);
                break;
            case ServedEntry awaited:
                awaited.Waiting.Add(impression.Key);
                store.Reschedule(awaited, until.CompareTo(awaited.Due) > 0 ? until : awaited.Due);
                store.Reschedule(impression, impression.Due with { Time = until.Time });
                break;
            default:
                store.Keep(new ServedEntry { Key = key, Due = until, Waiting = [impression.Key] });
                store.Reschedule(impression, impression.Due with { Time = until.Time });
                break;
        }
    }

    /// <summary>An impression has waited long enough: its features come from the entity tables.</summary>
    public void Reconstruct(ImpressionEntry impression)
    {
        var now = impression.Due.Time;
        var features = new FeatureRecords(entities.User(impression.UserId), default, entities.Item(impression.ItemId), default);
        impressions.Complete(impression, features, isServed: false, isReconstructed: true, now, now);
    }

    /// <summary>A served record's retention is over, or nobody waits for it any more.</summary>
    public void Fire(ServedEntry entry)
    {
        store.Remove(entry);
        if (entry is { IsKnown: true, IsUsed: false })
        {
            ledger.Settle(entry.Position, RecordKind.Served, Disposition.Orphan, OrphanReason.NoImpression);
        }
    }

    // An item that the record lacks (it was not returned, or not by this service) still had this user and context.
    private void Complete(ImpressionEntry impression, ServedEntry served, long orderTime)
    {
        if (!served.IsUsed)
        {
            served.IsUsed = true;
            ledger.Settle(served.Position, RecordKind.Served, Disposition.Joined);
        }

        var item = Find(served.Items, impression.ItemId);
        var features = item is { } found
            ? new FeatureRecords(served.User, served.Context, found.Features, found.PairFeatures)
            : new FeatureRecords(served.User, served.Context, entities.Item(impression.ItemId), default);
        impressions.Complete(impression, features, isServed: item is not null, isReconstructed: item is null, orderTime, orderTime - 1);
    }

    private static ServedItem? Find(IReadOnlyList<ServedItem> items, string itemId)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].ItemId == itemId)
            {
                return items[i];
            }
        }

        return null;
    }
}
