using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Evaluation;

/// <summary>Puts the raw features that reach a model, and an impression's time, into groups.</summary>
internal sealed partial class FeatureGrouping
{
    private readonly List<(Feature Feature, ImmutableArray<string> Reads)> derived;
    private readonly List<Feature> raw;
    private readonly StatisticFamilies statistics;
    private readonly DeclaredGroups declared;

    /// <param name="spec">The model.</param>
    /// <param name="groups">The groups that a person declared.</param>
    /// <exception cref="EvaluationException">The declared groups have faults: all of them, one a line.</exception>
    public FeatureGrouping(ModelSpec spec, ImmutableArray<ImportanceGroup> groups)
    {
        derived = [.. spec.Schema.Features.Where(feature => feature is { IsInput: true, TrainOnly: false, Derived: not null })
            .Select(feature => (feature, Expression.Parse(feature.Derived!).Variables))];
        raw = [.. spec.Schema.Features.Where(feature => feature is { TrainOnly: false, Derived: null }
            && (feature.IsInput || derived.Exists(one => one.Reads.Contains(feature.Name))))];
        statistics = new StatisticFamilies(spec);
        var names = raw.Select(feature => feature.Name);
        declared = new DeclaredGroups(groups, [.. HasTime ? names.Append(Feature.EventTimeFact) : names], spec.Schema);
        declared.CheckNames(Parts().Concat(Unions()).Select(group => group.Name));
    }

    private bool HasTime => derived.Exists(one => one.Reads.Contains(Feature.EventTimeFact));

    /// <summary>The declared groups, what no declared group holds, and unions of all that belongs together.</summary>
    public ImmutableArray<FeatureGroup> Groups()
    {
        List<FeatureGroup> parts =
        [
            .. declared.Groups.Select(group => Group(
                group.Name, raw.Where(feature => group.Members.Contains(feature.Name)), group.Members.Contains(Feature.EventTimeFact))),
            .. Parts(),
        ];
        return [.. parts, .. Unions().Where(union => !parts.Exists(part => part.HasTime == union.HasTime && part.Ids.SetEquals(union.Ids)))];
    }

    // Statistics by key and kind, other features of one scope and kind whose names differ in numbers alone, and the time.
    private IEnumerable<FeatureGroup> Parts()
    {
        var families = raw.Where(feature => !declared.Holds(feature.Name))
            .GroupBy(feature => statistics.NameOf(feature) is { } family
                ? (Scope: default(FeatureScope?), feature.Kind, Family: family)
                : (feature.Scope, feature.Kind, Numbers().Replace(feature.Name, "*")))
            .Select(family => Group(family.Count() == 1 ? family.Single().Name : family.Key.Family, family));
        return HasTime && !declared.Holds(Feature.EventTimeFact) ? families.Append(Group(Feature.EventTimeFact, [], hasTime: true)) : families;
    }

    private IEnumerable<FeatureGroup> Unions() =>
    [
        .. statistics.Unions.Select(union => Group(union.Name, raw.Where(feature => union.Ids.Contains(feature.Id)), isUnion: true)),
        .. raw.GroupBy(feature => feature.Scope).Where(scope => scope.Count() > 1)
            .Select(scope => Group($"all of {Words(scope.Key)}", scope, scope.Key == FeatureScope.Context, isUnion: true)),
    ];

    private FeatureGroup Group(string name, IEnumerable<Feature> features, bool hasTime = false, bool isUnion = false)
    {
        var members = features.ToList();
        var names = members.Select(feature => feature.Name).Concat(hasTime ? [Feature.EventTimeFact] : []).ToHashSet(StringComparer.Ordinal);
        return new FeatureGroup(name, isUnion, [.. members.Select(feature => feature.Id)], hasTime,
        [
            .. members.Where(feature => feature.IsInput).Select(feature => feature.Name),
            .. derived.Where(one => one.Reads.Any(names.Contains)).Select(one => one.Feature.Name),
        ]);
    }

    private static string Words(FeatureScope scope) => scope switch
    {
        FeatureScope.User => "the user",
        FeatureScope.Context => "the request",
        FeatureScope.Item => "the item",
        _ => "user and item together",
    };

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Numbers();
}
