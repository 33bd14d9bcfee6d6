using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Events;

/// <summary>
/// What impressions are told of the past: the declared statistics and sequences, moved along the event order together. Not
/// thread-safe.
/// </summary>
public sealed class HistoryFold
{
    private readonly StatisticsFold? statistics;
    private readonly SequenceFold? sequences;
    private readonly long longestLag;
    private readonly Func<string, bool> isFrozen;
    private HistoryPosition position;
    private long stopped = long.MinValue;

    private HistoryFold(StatisticsFold? statistics, SequenceFold? sequences, TimeSpan longestLag, Func<string, bool> isFrozen)
    {
        (this.statistics, this.sequences, this.isFrozen) = (statistics, sequences, isFrozen);
        this.longestLag = (long)longestLag.TotalMilliseconds;
    }

    /// <summary>The fold of a model's statistics and sequences; null where it declares none.</summary>
    /// <param name="schema">The features, those of the statistics and sequences among them.</param>
    /// <param name="statistics">The statistics.</param>
    /// <param name="sequences">The sequences.</param>
    /// <param name="isFrozen">
    /// By a file's split tag: whether its events leave the past as it is, and its impressions are told of it as of the time
    /// at which it stopped, as if from a table that was written then: counts decay no further, ages do not grow.
    /// </param>
    public static HistoryFold? Of(
        FeatureSchema schema, ImmutableArray<StatisticSpec> statistics, ImmutableArray<SequenceSpec> sequences, Func<string, bool>? isFrozen = null) =>
        statistics.IsEmpty && sequences.IsEmpty
            ? null
            : new HistoryFold(
                statistics.IsEmpty ? null : new StatisticsFold(schema, statistics), SequenceFold.Of(schema, sequences),
                statistics.Select(spec => spec.Lag).Concat(sequences.Select(spec => spec.Lag)).Max(), isFrozen ?? (_ => false));

    /// <summary>The place in the log that has been folded.</summary>
    public HistoryPosition Position => position;

    /// <summary>The outcomes that it counts.</summary>
    internal IEnumerable<string> Outcomes => (statistics?.Outcomes ?? []).Concat(sequences?.Outcomes ?? []).Distinct();

    /// <summary>Makes visible what becomes so before an order time.</summary>
    internal void AdvanceTo(long orderTime)
    {
        statistics?.AdvanceTo(orderTime);
        sequences?.AdvanceTo(orderTime);
    }

    /// <summary>A record has been folded.</summary>
    internal void Reach(in HistoryPosition reached) => position = reached;

    /// <summary>The log has ended: nothing comes any more before the last of it becomes visible.</summary>
    internal void End()
    {
        position = position with { OrderTime = position.OrderTime + longestLag + 1 };
        AdvanceTo(position.OrderTime);
    }

    /// <summary>Begins to tell what changes.</summary>
    /// <param name="since">What has changed at this order time or later is told as well.</param>
    internal HistoryChanges Watch(long since)
    {
        var changes = new HistoryChanges();
        foreach (var table in statistics?.Tables ?? [])
        {
            table.Changes = changes;
            table.NoteSince(since);
        }

        if (sequences is not null)
        {
            sequences.Changes = changes;
            sequences.NoteSince(since);
        }

        return changes;
    }

    /// <summary>The state of an attribute's key.</summary>
    internal AttributeRow RowOf((int Table, ulong Key) attribute) =>
        new(attribute.Table, attribute.Key, AttributeHistory.StateOf(statistics!.Tables[attribute.Table], attribute.Key));

    /// <summary>The state of a user or an item.</summary>
    internal byte[] Store(TableOwner owner, ulong key, EntityHistoryWriter writer)
    {
        foreach (var table in statistics?.Tables ?? [])
        {
            if (table.Owner == owner)
            {
                writer.AddTable(table, key);
            }
        }

        if (owner == TableOwner.User)
        {
            sequences?.Store(key, writer);
        }

        return writer.End(position);
    }

    /// <summary>An impression's records with the past of this moment in them.</summary>
    internal FeatureRecords Complete(in FeatureRecords features, ulong user, long eventTime, string split = "")
    {
        var asOf = isFrozen(split) ? Math.Min(eventTime, stopped) : eventTime;
        var counted = statistics?.Complete(features, eventTime, asOf) ?? features;
        return sequences is null ? counted : counted with { User = sequences.Complete(counted.User, user, asOf) };
    }

    /// <summary>Takes an impression in at its place.</summary>
    internal void Take(ImpressionEntry entry)
    {
        if (TryMove(entry, entry.Place))
        {
            statistics?.TakeImpression(entry.Key, new(entry.User, entry.Item), entry.Features, entry.Time, entry.Place);
            sequences?.TakeImpression(entry.Key, entry.User, entry.Features, entry.Time, entry.Place);
        }
    }

    /// <summary>Takes an impression's outcome in, at its own place.</summary>
    internal void Take(ImpressionEntry entry, string name, double value, long orderTime)
    {
        if (TryMove(entry, orderTime))
        {
            statistics?.TakeOutcome(name, entry.Key, new(entry.User, entry.Item), entry.Features, entry.Time, entry.Place, orderTime, value);
            sequences?.TakeOutcome(name, entry.Key, entry.User, entry.Features, entry.Time, entry.Place, orderTime);
        }
    }

    internal void Write(EntryWriter to)
    {
        to.Write(position.OrderTime);
        to.WritePosition(position.Record);
        statistics?.Write(to);
        sequences?.Write(to);
    }

    internal void Read(EntryReader from)
    {
        position = new HistoryPosition(from.ReadInt64(), from.ReadPosition());
        statistics?.Read(from);
        sequences?.Read(from);
    }

    // False where the past stays as it is.
    private bool TryMove(ImpressionEntry entry, long orderTime)
    {
        if (isFrozen(entry.Split))
        {
            return false;
        }

        // What is taken last is visible by then.
        stopped = Math.Max(stopped, Math.Max(orderTime, entry.Place + longestLag) + 1);
        return true;
    }
}
