using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Configuration;

/// <summary>Makes statistics, and the features that carry them, of their entries.</summary>
internal sealed class StatisticBuilder(JobDocument document, IReadOnlyList<DeclaredFeature> features, FaultList faults)
{
    private readonly List<(Feature Feature, StatisticSpec Spec)> made = [];
    private readonly StatisticFormulas formulas = new(document, features, faults);

    /// <summary>Each statistic with its feature.</summary>
    public IReadOnlyList<(Feature Feature, StatisticSpec Spec)> Build()
    {
        foreach (var (index, entry) in document.Statistics.Index())
        {
            var path = $"statistics[{index}]";
            var measures = Measures(entry, path).ToList();
            if (measures.Count == 0 && entry.Logistic.Count == 0 && !faults.HasAt(path))
            {
                faults.Add(path, "no measure", "add one or more of count, rate, error, sum, mean, share, since, last, distinct, logistic");
            }

            var windows = formulas.Windows(entry.Over, $"{path}.over");
            var parent = entry.Toward is null ? [] : formulas.Key(entry.Toward, $"{path}.toward");
            var keys = (entry.By ?? []).SelectMany(NameRange.Expand).Select(by => (Text: by, Key: formulas.Key(by, $"{path}.by"))).ToList();
            foreach (var rate in entry.Logistic.Select(text => formulas.Rate(text, $"{path}.logistic")).OfType<(string, string)>())
            {
                AddLogistic(entry, path, rate, keys);
            }

            foreach (var (by, key) in keys)
            {
                foreach (var measure in measures)
                {
                    // These have no window of their own.
                    var isTimeless = measure.Kind is StatisticKind.Since or StatisticKind.Last;
                    foreach (var (name, window) in isTimeless ? [("", default(StatisticWindow))] : windows)
                    {
                        Add(entry, path, by, ScopeOf(key), measure with { Window = window, Key = key, Parent = parent }, name);
                    }
                }
            }
        }

        return made;
    }

    private void AddLogistic(StatisticEntry entry, string path, (string Event, string Among) rate, List<(string Text, ImmutableArray<int> Key)> keys)
    {
        var variances = formulas.Places(entry.WeightVariances.Keys, keys, $"{path}.weight_variances").Zip(entry.WeightVariances.Values).Where(each => each.First >= 0).ToDictionary();
        var logit = Spec(entry, StatisticKind.Logistic, rate.Event) with
        {
            Among = rate.Among,
            Weights = [.. keys.Select(by => by.Key)],
            WeightVariance = entry.WeightVariance,
            WeightVariances = variances.Count == 0 ? null : [.. keys.Select((_, place) => variances.GetValueOrDefault(place, entry.WeightVariance))],
        };
        Add(entry, path, "", FeatureScope.Pair, logit, "");
        if (entry.Deviation)
        {
            Add(entry, path, "", FeatureScope.Pair, logit with { Kind = StatisticKind.LogisticDeviation }, "");
        }

        foreach (var place in formulas.Places(entry.Weights, keys, $"{path}.weights").Where(place => place >= 0))
        {
            var (text, key) = keys[place];
            Add(entry, path, text, ScopeOf(key), logit with { Kind = StatisticKind.LogisticWeight, Key = key, Argument = place }, "");
        }
    }

    private IEnumerable<StatisticSpec> Measures(StatisticEntry entry, string path)
    {
        var single = new[] { (StatisticKind.Count, entry.Count, "count"), (StatisticKind.Since, entry.Since, "since"), (StatisticKind.Sum, entry.Sum, "sum"), (StatisticKind.Mean, entry.Mean, "mean") }
            .SelectMany(group => group.Item2.Where(name => formulas.IsEvent(name, $"{path}.{group.Item3}", group.Item1 is StatisticKind.Sum or StatisticKind.Mean))
                .Select(name => Spec(entry, group.Item1, name)));
        var rates = new[] { (StatisticKind.Rate, entry.Rate, "rate"), (StatisticKind.RateError, entry.Error, "error") }
            .SelectMany(group => group.Item2.Select(text => formulas.Rate(text, $"{path}.{group.Item3}")).OfType<(string, string)>()
                .Select(rate => Spec(entry, group.Item1, rate.Item1) with { Among = rate.Item2 }));
        var shares = entry.Share.Select(text => formulas.Share(text, $"{path}.share")).OfType<(string, double)>()
            .Select(share => Spec(entry, StatisticKind.Share, share.Item1) with { Above = share.Item2 });
        var last = entry.Last.Select(text => formulas.Rate(text, $"{path}.last")).OfType<(string, string)>()
            .SelectMany(rate => Enumerable.Range(0, entry.Length).Select(n => Spec(entry, StatisticKind.Last, rate.Item1) with { Among = rate.Item2, Argument = n }));
        var distinct = entry.Distinct.SelectMany(name => formulas.Key(name, $"{path}.distinct").Take(1))
            .Select(feature => Spec(entry, StatisticKind.Distinct, StatisticSpec.Impression) with { Argument = feature });
        return [.. single, .. rates, .. shares, .. last, .. distinct];
    }

    private static StatisticSpec Spec(StatisticEntry entry, StatisticKind kind, string name) => new()
    {
        FeatureId = 0,
        Key = [],
        Kind = kind,
        Event = name,
        Lag = entry.Lag,
        Expire = entry.Expire,
        Prior = entry.Prior,
    };

    private void Add(StatisticEntry entry, string path, string by, FeatureScope scope, StatisticSpec spec, string window)
    {
        var parts = new[] { string.Join('.', by.Split('*').Select(part => part.Trim())), formulas.NameOf(spec), window };
        var name = string.Join('.', parts.Where(part => part.Length > 0));
        if (made.Exists(other => other.Feature.Name == name) || features.Any(other => other.Feature.Name == name))
        {
            faults.Add(path, $"'{name}' a second time", "declare each measure under each key and window once");
            return;
        }

        var isAmount = spec.Kind is StatisticKind.Count or StatisticKind.Sum or StatisticKind.Since or StatisticKind.Distinct;
        var feature = new Feature
        {
            Id = FeatureIds.Of(name, FeatureKind.Numeric),
            Name = name,
            Kind = FeatureKind.Numeric,
            Scope = scope,
            Transform = entry.Transform ?? (isAmount ? TransformKind.Log1p : TransformKind.Standard),
            Missing = entry.Missing,
            IsStatistic = true,
        };
        if (made.Exists(other => other.Feature.Id == feature.Id) || features.Any(other => other.Feature.Id == feature.Id))
        {
            faults.Add(path, $"'{name}', whose number {feature.Id} another feature has", "give the other feature an id of its own");
        }

        made.Add((feature, spec with { FeatureId = feature.Id }));
    }

    // What is counted by one side alone belongs to that side.
    private FeatureScope ScopeOf(ImmutableArray<int> key)
    {
        var scopes = key.Select(id => features.First(one => one.Feature.Id == id).Feature.Scope).Distinct().ToList();
        return scopes.Count switch { 0 => FeatureScope.Context, 1 => scopes[0], _ when scopes.TrueForAll(scope => scope is FeatureScope.User or FeatureScope.Context) => FeatureScope.Context, _ => FeatureScope.Pair };
    }
}
