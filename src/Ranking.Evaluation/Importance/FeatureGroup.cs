using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Ranking.Core;

namespace Ranking.Evaluation;

/// <summary>Features whose values are permuted together, and what is known of an impression beside its records.</summary>
/// <param name="Name">The name in the report.</param>
/// <param name="IsScope">Whether it is a whole scope.</param>
/// <param name="Ids">The raw features.</param>
/// <param name="HasTime">Whether the impression's time goes with them.</param>
/// <param name="Inputs">The inputs that change.</param>
internal sealed partial record FeatureGroup(string Name, bool IsScope, ImmutableHashSet<int> Ids, bool HasTime, ImmutableArray<string> Inputs)
{
    /// <summary>
    /// A group for each raw feature that reaches the model, those of one scope and kind whose names differ in numbers alone
    /// as one; the time; and each scope as a whole, where it has more than one group.
    /// </summary>
    public static ImmutableArray<FeatureGroup> Of(FeatureSchema schema)
    {
        var derived = schema.Features.Where(feature => feature is { IsInput: true, TrainOnly: false, Derived: not null })
            .Select(feature => (Feature: feature, Reads: Expression.Parse(feature.Derived!).Variables)).ToList();
        var raw = schema.Features.Where(feature => feature is { TrainOnly: false, Derived: null }
            && (feature.IsInput || derived.Any(one => one.Reads.Contains(feature.Name)))).ToList();
        var families = raw.GroupBy(feature => (feature.Scope, feature.Kind, Family: Numbers().Replace(feature.Name, "*")))
            .Select(family => Group(family.Count() == 1 ? family.Single().Name : family.Key.Family, family, false, false)).ToList();
        if (derived.Exists(one => one.Reads.Contains(Feature.EventTimeFact)))
        {
            families.Add(Group(Feature.EventTimeFact, [], true, false));
        }

        var scopes = raw.GroupBy(feature => feature.Scope).Where(scope => scope.Count() > 1)
            .Select(scope => Group($"all of {Words(scope.Key)}", scope, scope.Key == FeatureScope.Context, true));
        return [.. families, .. scopes];

        FeatureGroup Group(string name, IEnumerable<Feature> features, bool hasTime, bool isScope)
        {
            var members = features.ToList();
            var names = members.Select(feature => feature.Name).Concat(hasTime ? [Feature.EventTimeFact] : []).ToHashSet(StringComparer.Ordinal);
            return new FeatureGroup(name, isScope, [.. members.Select(feature => feature.Id)], hasTime,
            [
                .. members.Where(feature => feature.IsInput).Select(feature => feature.Name),
                .. derived.Where(one => one.Reads.Any(names.Contains)).Select(one => one.Feature.Name),
            ]);
        }
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
