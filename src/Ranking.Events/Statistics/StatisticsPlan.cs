using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Events;

/// <summary>Where every declared statistic's numbers stand, and how its value is read of them.</summary>
internal sealed class StatisticsPlan
{
    private readonly List<StatisticGroup> groups = [];
    private readonly List<KeyTable> tables = [];
    private readonly int userId;
    private readonly int itemId;
    private readonly List<ImmutableArray<int>> keys = [];
    private readonly Dictionary<object, OnlineLogistic> logistics = [];
    private readonly List<string> events = [StatisticSpec.Impression];

    public StatisticsPlan(FeatureSchema schema, ImmutableArray<StatisticSpec> specs)
    {
        (userId, itemId) = (EntityIdOf(schema, FeatureScope.User), EntityIdOf(schema, FeatureScope.Item));
        // How many of a key's newest impressions are kept follows from all statistics that ask for one.
        var lengths = specs.Where(spec => spec.Kind == StatisticKind.Last)
            .GroupBy(LastOf).ToDictionary(group => group.Key, group => group.Max(spec => spec.Argument) + 1);
        Values = [.. specs.Select(spec => (spec.FeatureId, Read: ReaderOf(spec, lengths)))];
        Lags = [.. specs.Select(spec => (long)spec.Lag.TotalMilliseconds).Distinct().Order()];
    }

    /// <summary>For each statistic its feature, and its value of an impression's keys as of a time; NaN where missing.</summary>
    public ImmutableArray<(int FeatureId, Func<IKeyRows, ulong[], long, double> Read)> Values { get; }

    /// <summary>The different lags, in milliseconds.</summary>
    public ImmutableArray<long> Lags { get; }

    /// <summary>All rows of numbers, each table at its number.</summary>
    public IReadOnlyList<KeyTable> Tables => tables;

    /// <summary>Statistics by key.</summary>
    public IReadOnlyList<StatisticGroup> Groups => groups;

    /// <summary>The regressions.</summary>
    public IReadOnlyCollection<OnlineLogistic> Logistics => logistics.Values;

    /// <summary>The keys that groups and distinct counts read.</summary>
    public IReadOnlyList<ImmutableArray<int>> Keys => keys;

    /// <summary>The events that count: the impression, then outcomes.</summary>
    public IReadOnlyList<string> Events => events;

    private Func<IKeyRows, ulong[], long, double> ReaderOf(StatisticSpec spec, Dictionary<object, int> lengths)
    {
        var group = GroupOf(spec.Key, spec.Expire);
        var lag = (long)spec.Lag.TotalMilliseconds;
        switch (spec.Kind)
        {
            case StatisticKind.Count or StatisticKind.Sum:
                var sum = Sum(group, spec, spec.Event, spec.Kind == StatisticKind.Sum ? Measure.Value : Measure.One);
                return (rows, keys, time) => sum.Read(group.Row(rows, keys, time), time);
            case StatisticKind.Since:
                var since = group.Slot(("since", spec.Event, lag), () => new SinceSlot(EventOf(spec.Event), lag));
                return (rows, keys, time) => since.Read(group.Row(rows, keys, time), time);
            case StatisticKind.Last:
                var last = group.Slot(LastOf(spec), () => new LastSlot(EventOf(spec.Event), EventOf(spec.Among!), lengths[LastOf(spec)], lag));
                return (rows, keys, time) => last.Read(group.Row(rows, keys, time), spec.Argument);
            case StatisticKind.Distinct:
                var counted = KeyOf([spec.Argument]);
                var distinct = group.Slot(("distinct", spec.Event, spec.Argument, spec.Window, lag), () => new DistinctSlot(EventOf(spec.Event), counted, spec.Window, lag));
                return (rows, keys, time) => distinct.Read(group.Row(rows, keys, time), time);
            case StatisticKind.Logistic:
                return LogisticOf(spec).Logit;
            case StatisticKind.LogisticDeviation:
                return LogisticOf(spec).Deviation;
            case StatisticKind.LogisticWeight:
                var weighed = LogisticOf(spec);
                return (rows, keys, time) => weighed.Weight(rows, keys, spec.Argument, time);
            case StatisticKind.RateError:
                var rate = new SmoothedShare(Levels(spec), spec.Prior, isShare: true);
                return rate.Error;
            default:
                var share = new SmoothedShare(Levels(spec), spec.Prior, isShare: spec.Kind != StatisticKind.Mean);
                return share.Value;
        }
    }

    // From everything by way of the parent to the key itself.
    private ImmutableArray<ShareLevel> Levels(StatisticSpec spec)
    {
        ImmutableArray<ImmutableArray<int>> keys = [[], .. spec.Parent.IsEmpty ? [] : new[] { spec.Parent }, .. spec.Key.IsEmpty ? [] : new[] { spec.Key }];
        var measure = spec.Kind switch { StatisticKind.Mean => Measure.Value, StatisticKind.Share => Measure.Above, _ => Measure.One };
        return [.. keys.Select(key => GroupOf(key, spec.Expire)).Select(group =>
            new ShareLevel(group, Sum(group, spec, spec.Event, measure), Sum(group, spec, spec.Among ?? spec.Event, Measure.One)))];
    }

    private SumSlot Sum(StatisticGroup group, StatisticSpec spec, string name, Measure measure)
    {
        var (number, lag, above) = (EventOf(name), (long)spec.Lag.TotalMilliseconds, measure == Measure.Above ? spec.Above : 0);
        return group.Slot(("sum", number, measure, above, spec.Window, lag), () => new SumSlot(number, measure, above, spec.Window, lag));
    }

    // Its logit, its deviation and its weights are read of one regression.
    private OnlineLogistic LogisticOf(StatisticSpec spec)
    {
        var variances = spec.WeightVariances ?? [.. spec.Weights.Select(_ => spec.WeightVariance)];
        var declaration = (spec.Event, spec.Among, spec.Lag, spec.Expire, string.Join(';', spec.Weights.Select(key => string.Join(',', key))), string.Join(',', variances));
        if (!logistics.TryGetValue(declaration, out var logistic))
        {
            logistic = new OnlineLogistic(
                [.. spec.Weights.Select(KeyOf)], [.. spec.Weights.Select(key => WeightsOf(key, spec.Expire))],
                EventOf(spec.Event), EventOf(spec.Among!), (long)spec.Lag.TotalMilliseconds, variances);
            logistics.Add(declaration, logistic);
        }

        return logistic;
    }

    private static object LastOf(StatisticSpec spec) => ("last", string.Join(',', spec.Key), spec.Event, spec.Among, spec.Lag, spec.Expire);

    private StatisticGroup GroupOf(ImmutableArray<int> key, TimeSpan expire)
    {
        var milliseconds = (long)expire.TotalMilliseconds;
        var group = groups.Find(other => other.Features.SequenceEqual(key) && other.Expire == milliseconds);
        if (group is null)
        {
            group = new StatisticGroup(KeyOf(key), key, Table(key, milliseconds));
            groups.Add(group);
        }

        return group;
    }

    private KeyTable WeightsOf(ImmutableArray<int> key, TimeSpan expire)
    {
        var table = Table(key, (long)expire.TotalMilliseconds);
        table.Width = 2;
        return table;
    }

    private KeyTable Table(ImmutableArray<int> key, long expire)
    {
        var owner = key.Contains(userId) ? TableOwner.User : key.Contains(itemId) ? TableOwner.Item : TableOwner.Attribute;
        var table = new KeyTable(tables.Count, owner, expire);
        tables.Add(table);
        return table;
    }

    // Feature ids begin with 1.
    private static int EntityIdOf(FeatureSchema schema, FeatureScope scope) =>
        schema.Features.FirstOrDefault(feature => feature.IsEntityId && feature.Scope == scope)?.Id ?? 0;

    private int KeyOf(ImmutableArray<int> key)
    {
        var place = keys.FindIndex(other => other.SequenceEqual(key));
        if (place < 0)
        {
            place = keys.Count;
            keys.Add(key);
        }

        return place;
    }

    private int EventOf(string name)
    {
        if (!events.Contains(name))
        {
            events.Add(name);
        }

        return events.IndexOf(name);
    }
}
