using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Evaluation;

/// <summary>
/// What statistics say of one key, by kind: over several windows and of several events they say nearly the same, and each
/// alone would lose nothing.
/// </summary>
internal sealed class StatisticFamilies
{
    private readonly Dictionary<int, (string Key, string Family)> families;

    public StatisticFamilies(ModelSpec spec) => families = spec.Statistics.ToDictionary(
        statistic => statistic.FeatureId,
        statistic =>
        {
            var key = statistic.Key.IsEmpty ? "all" : string.Join(" × ", statistic.Key.Select(id => spec.Schema.Features[spec.Schema.SlotOf(id)].Name));
            return statistic.Kind is StatisticKind.Logistic or StatisticKind.LogisticDeviation or StatisticKind.LogisticWeight ? ("", "online regression") : (key, $"{key}: {Words(statistic.Kind)}");
        });

    /// <summary>Each key whose statistics are of several kinds, and all statistics, where they are several families.</summary>
    public IEnumerable<(string Name, ImmutableHashSet<int> Ids)> Unions =>
        from union in families.GroupBy(one => $"all statistics of {one.Value.Key}").Concat(families.GroupBy(_ => "all statistics"))
        where union.Select(one => one.Value.Family).Distinct().Count() > 1
        select (union.Key, union.Select(one => one.Key).ToImmutableHashSet());

    /// <summary>The name of a statistic's family; null for any other feature.</summary>
    public string? NameOf(Feature feature) => families.TryGetValue(feature.Id, out var names) ? names.Family : null;

    private static string Words(StatisticKind kind) => kind switch
    {
        StatisticKind.Rate or StatisticKind.RateError or StatisticKind.Mean or StatisticKind.Share => "rates and means",
        StatisticKind.Last => "last outcomes",
        _ => "counts and recency",
    };
}
