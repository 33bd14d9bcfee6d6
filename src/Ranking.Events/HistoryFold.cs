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

    private HistoryFold(StatisticsFold? statistics, SequenceFold? sequences) => (this.statistics, this.sequences) = (statistics, sequences);

    /// <summary>The fold of a model's statistics and sequences; null where it declares none.</summary>
    /// <param name="schema">The features, those of the statistics and sequences among them.</param>
    /// <param name="statistics">The statistics.</param>
    /// <param name="sequences">The sequences.</param>
    /// <param name="isFrozen">By a file's split tag: whether its events leave the past as it is.</param>
    public static HistoryFold? Of(
        FeatureSchema schema, ImmutableArray<StatisticSpec> statistics, ImmutableArray<SequenceSpec> sequences, Func<string, bool>? isFrozen = null) =>
        statistics.IsEmpty && sequences.IsEmpty
            ? null
            : new HistoryFold(
                statistics.IsEmpty ? null : new StatisticsFold(schema, statistics, isFrozen), SequenceFold.Of(schema, sequences, isFrozen));

    /// <summary>The outcomes that it counts.</summary>
    internal IEnumerable<string> Outcomes => (statistics?.Outcomes ?? []).Concat(sequences?.Outcomes ?? []).Distinct();

    /// <summary>Makes visible what becomes so before an order time.</summary>
    internal void AdvanceTo(long orderTime)
    {
        statistics?.AdvanceTo(orderTime);
        sequences?.AdvanceTo(orderTime);
    }

    /// <summary>An impression's records with the past of this moment in them.</summary>
    internal FeatureRecords Complete(in FeatureRecords features, ulong user, long eventTime)
    {
        var counted = statistics?.Complete(features, eventTime) ?? features;
        return sequences is null ? counted : counted with { User = sequences.Complete(counted.User, user, eventTime) };
    }

    /// <summary>Takes an impression in at its place.</summary>
    internal void Take(ImpressionEntry entry)
    {
        statistics?.TakeImpression(entry.Key, entry.Features, entry.Time, entry.Place, entry.Split);
        sequences?.TakeImpression(entry.Key, entry.User, entry.Features, entry.Time, entry.Place, entry.Split);
    }

    /// <summary>Takes an impression's outcome in, at its own place.</summary>
    internal void Take(ImpressionEntry entry, string name, double value, long orderTime)
    {
        statistics?.TakeOutcome(name, entry.Key, entry.Features, entry.Time, entry.Place, orderTime, value, entry.Split);
        sequences?.TakeOutcome(name, entry.Key, entry.User, entry.Features, entry.Time, entry.Place, orderTime, entry.Split);
    }

    internal void Write(EntryWriter to)
    {
        statistics?.Write(to);
        sequences?.Write(to);
    }

    internal void Read(EntryReader from)
    {
        statistics?.Read(from);
        sequences?.Read(from);
    }
}
