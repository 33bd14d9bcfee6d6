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
    private readonly FeatureSchema schema;
    private readonly string declaration;
    private readonly Func<string, bool> isFrozen;
    private readonly VisibilityQueue<Pending> pending = new((to, next) => next.Write(to), Pending.Read);
    private readonly FeatureRecordWriter writer;
    private readonly double[] values;

    /// <param name="schema">The features, those of the statistics among them.</param>
    /// <param name="specs">The statistics.</param>
    /// <param name="isFrozen">By a file's split tag: whether its events leave the statistics as they are.</param>
    public StatisticsFold(FeatureSchema schema, ImmutableArray<StatisticSpec> specs, Func<string, bool>? isFrozen = null)
    {
        (this.schema, this.isFrozen) = (schema, isFrozen ?? (_ => false));
        plan = new StatisticsPlan(specs);
        keys = new KeyReader(schema, plan.Keys);
        writer = new FeatureRecordWriter(schema.Fingerprint);
        values = new double[specs.Length];
        declaration = string.Join('\n', specs.Select(spec => string.Create(CultureInfo.InvariantCulture,
            $"{spec.FeatureId} {string.Join(',', spec.Key)} {spec.Kind} {spec.Event} {spec.Among} {spec.Above} {spec.Window} {spec.Lag} {spec.Expire} {spec.Prior} {string.Join(',', spec.Parent)} {spec.Argument} {string.Join(';', spec.Weights.Select(key => string.Join(',', key)))} {spec.WeightVariance}")));
    }

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

    /// <summary>The records with the statistics of this moment in them, as of the impression's time.</summary>
    public FeatureRecords Complete(in FeatureRecords features, long eventTime)
    {
        var hashes = keys.Read(features, eventTime);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = plan.Values[i].Read(hashes, eventTime);
        }

        return new FeatureRecords(
            Append(features, FeatureScope.User), Append(features, FeatureScope.Context), Append(features, FeatureScope.Item), Append(features, FeatureScope.Pair));
    }

    /// <summary>Takes an impression in at its place.</summary>
    public void TakeImpression(UInt128 impression, in FeatureRecords features, long eventTime, long place, string split) =>
        Take(0, impression, features, eventTime, place, place, double.NaN, split);

    /// <summary>Takes an outcome in, at its own place.</summary>
    /// <param name="name">The outcome.</param>
    /// <param name="impression">Its impression.</param>
    /// <param name="features">The impression's features.</param>
    /// <param name="eventTime">The impression's event time.</param>
    /// <param name="place">The impression's place.</param>
    /// <param name="orderTime">The outcome's own place.</param>
    /// <param name="value">The number that it carries.</param>
    /// <param name="split">The impression's split tag.</param>
    public void TakeOutcome(
        string name, UInt128 impression, in FeatureRecords features, long eventTime, long place, long orderTime, double value, string split)
    {
        for (var number = 1; number < plan.Events.Count; number++)
        {
            if (plan.Events[number] == name)
            {
                Take(number, impression, features, eventTime, place, orderTime, value, split);
            }
        }
    }

    /// <summary>Writes the state, in a form that depends on the log alone.</summary>
    internal void Write(EntryWriter to)
    {
        to.Write(declaration);
        pending.Write(to);
        foreach (var group in plan.Groups)
        {
            group.Write(to);
        }

        foreach (var logistic in plan.Logistics)
        {
            logistic.Write(to);
        }
    }

    /// <summary>Goes on from what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It was written under other declarations.</exception>
    internal void Read(EntryReader from)
    {
        if (from.ReadString() != declaration)
        {
            throw new InvalidDataException("the statistics of the checkpoint were declared otherwise: start without the checkpoint, or declare them as they were.");
        }

        pending.Read(from);
        foreach (var group in plan.Groups)
        {
            group.Read(from);
        }

        foreach (var logistic in plan.Logistics)
        {
            logistic.Read(from);
        }
    }

    private void Take(
        int number, UInt128 impression, in FeatureRecords features, long eventTime, long place, long orderTime, double value, string split)
    {
        if (isFrozen(split))
        {
            return;
        }

        var seen = new StatisticEvent(number, (ulong)impression, keys.Read(features, eventTime), value);
        foreach (var lag in plan.Lags)
        {
            pending.Add(new Pending(seen, lag), Math.Max(orderTime, place + lag));
        }
    }

    private ReadOnlyMemory<byte> Append(in FeatureRecords features, FeatureScope scope)
    {
        writer.GoOn(features.Of(scope).Span);
        for (var i = 0; i < values.Length; i++)
        {
            var id = plan.Values[i].FeatureId;
            if (schema.Features[schema.SlotOf(id)].Scope == scope && double.IsFinite(values[i]))
            {
                writer.Write(id, values[i]);
            }
        }

        return writer.ToArray();
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
            to.Write(Seen.Keys.Length);
            Array.ForEach(Seen.Keys, to.Write);
        }

        public static Pending Read(EntryReader from)
        {
            var (lag, number, impression, value) = (from.ReadInt64(), from.ReadInt32(), from.ReadUInt64(), from.ReadDouble());
            var keys = new ulong[from.ReadInt32()];
            for (var i = 0; i < keys.Length; i++)
            {
                keys[i] = from.ReadUInt64();
            }

            return new Pending(new StatisticEvent(number, impression, keys, value), lag);
        }
    }
}
