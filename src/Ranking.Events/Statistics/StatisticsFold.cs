using System.Collections.Immutable;
using System.Globalization;
using Ranking.Core;

namespace Ranking.Events;

/// <summary>
/// The declared statistics, as a pure fold over the event order. An event becomes visible at its place or, where that is
/// later, the lag after its impression's; what an impression reads are the events visible strictly before its place. Not
/// thread-safe.
/// </summary>
internal sealed class StatisticsFold
{
    private readonly StatisticsPlan plan;
    private readonly KeyReader keys;
    private readonly StatisticsWriter writer;
    private readonly FoldedRows rows = new();
    private readonly VisibilityQueue<Pending> pending = new((to, next) => next.Write(to), Pending.Read);

    /// <param name="schema">The features, those of the statistics among them.</param>
    /// <param name="specs">The statistics.</param>
    public StatisticsFold(FeatureSchema schema, ImmutableArray<StatisticSpec> specs)
    {
        plan = new StatisticsPlan(schema, specs);
        keys = new KeyReader(schema, plan.Keys);
        writer = new StatisticsWriter(schema, plan);
        Declaration = DeclarationOf(specs);
    }

    /// <summary>What is computed, as text: state under one declaration means nothing under another.</summary>
    public string Declaration { get; }

    /// <summary>Where the numbers stand.</summary>
    public IReadOnlyList<KeyTable> Tables => plan.Tables;

    /// <summary>The declaration of statistics.</summary>
    public static string DeclarationOf(ImmutableArray<StatisticSpec> specs) =>
        string.Join('\n', specs.Select(spec => string.Create(CultureInfo.InvariantCulture,
            $"{spec.FeatureId} {string.Join(',', spec.Key)} {spec.Kind} {spec.Event} {spec.Among} {spec.Above} {spec.Window} {spec.Lag} {spec.Expire} {spec.Prior} {string.Join(',', spec.Parent)} {spec.Argument} {string.Join(';', spec.Weights.Select(key => string.Join(',', key)))} {spec.WeightVariance} {string.Join(',', spec.WeightVariances ?? [])}")));

    /// <summary>The outcomes that statistics count.</summary>
    public IEnumerable<string> Outcomes => plan.Events.Skip(1);

    /// <summary>Makes visible what becomes so before an order time.</summary>
    public void AdvanceTo(long orderTime)
    {
        while (pending.TryTake(orderTime, out var next, out var time))
        {
            foreach (var group in plan.Groups)
            {
                group.Fold(next.Seen, next.Lag, time);
            }

            foreach (var logistic in plan.Logistics)
            {
                logistic.Fold(next.Seen, next.Lag, time);
            }
        }
    }

    /// <summary>The records with the statistics of this moment in them.</summary>
    /// <param name="features">The records without them.</param>
    /// <param name="eventTime">The impression's time, by which keys such as its hour are found.</param>
    /// <param name="asOf">When the statistics are read.</param>
    public FeatureRecords Complete(in FeatureRecords features, long eventTime, long asOf)
    {
        var hashes = keys.Read(features, eventTime);
        return new FeatureRecords(
            Append(features, FeatureScope.User), Append(features, FeatureScope.Context), Append(features, FeatureScope.Item), Append(features, FeatureScope.Pair));

        ReadOnlyMemory<byte> Append(in FeatureRecords records, FeatureScope scope) => writer.Append(records.Of(scope), scope, rows, hashes, asOf);
    }

    /// <summary>Takes an impression in at its place.</summary>
    public void TakeImpression(UInt128 impression, EventOwners owners, in FeatureRecords features, long eventTime, long place) =>
        Take(0, impression, owners, features, eventTime, place, place, double.NaN);

    /// <summary>Takes an outcome in, at its own place.</summary>
    /// <param name="name">The outcome.</param>
    /// <param name="impression">Its impression.</param>
    /// <param name="owners">The impression's user and item.</param>
    /// <param name="features">The impression's features.</param>
    /// <param name="eventTime">The impression's event time.</param>
    /// <param name="place">The impression's place.</param>
    /// <param name="orderTime">The outcome's own place.</param>
    /// <param name="value">The number that it carries.</param>
    public void TakeOutcome(
        string name, UInt128 impression, EventOwners owners, in FeatureRecords features, long eventTime, long place, long orderTime, double value)
    {
        for (var number = 1; number < plan.Events.Count; number++)
        {
            if (plan.Events[number] == name)
            {
                Take(number, impression, owners, features, eventTime, place, orderTime, value);
            }
        }
    }

    /// <summary>Writes the state, in a form that depends on the log alone.</summary>
    internal void Write(EntryWriter to)
    {
        to.Write(Declaration);
        pending.Write(to);
        foreach (var table in plan.Tables)
        {
            table.Write(to);
        }
    }

    /// <summary>Goes on from what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It was written under other declarations.</exception>
    internal void Read(EntryReader from)
    {
        if (from.ReadString() != Declaration)
        {
            throw new InvalidDataException("the statistics of the checkpoint were declared otherwise: start without the checkpoint, or declare them as they were.");
        }

        pending.Read(from);
        foreach (var table in plan.Tables)
        {
            table.Read(from);
        }
    }

    private void Take(
        int number, UInt128 impression, EventOwners owners, in FeatureRecords features, long eventTime, long place, long orderTime, double value)
    {
        var seen = new StatisticEvent(number, (ulong)impression, keys.Read(features, eventTime), value) { Owners = owners };
        foreach (var lag in plan.Lags)
        {
            pending.Add(new Pending(seen, lag), Math.Max(orderTime, place + lag));
        }
    }

    /// <summary>An event that is not visible yet.</summary>
    private readonly record struct Pending(StatisticEvent Seen, long Lag)
    {
        public void Write(EntryWriter to)
        {
            to.Write(Lag);
            to.Write(Seen.Event);
            to.Write(Seen.Impression);
            to.Write(Seen.Value);
            to.Write(Seen.Owners.User);
            to.Write(Seen.Owners.Item);
            to.Write(Seen.Keys.Length);
            Array.ForEach(Seen.Keys, to.Write);
        }

        public static Pending Read(EntryReader from)
        {
            var (lag, number, impression, value) = (from.ReadInt64(), from.ReadInt32(), from.ReadUInt64(), from.ReadDouble());
            var owners = new EventOwners(from.ReadUInt64(), from.ReadUInt64());
            var keys = new ulong[from.ReadInt32()];
            for (var i = 0; i < keys.Length; i++)
            {
                keys[i] = from.ReadUInt64();
            }

            return new Pending(new StatisticEvent(number, impression, keys, value) { Owners = owners }, lag);
        }
    }
}
