using System.Collections.Immutable;
using System.IO.Enumeration;
using Ranking.Core;

namespace Ranking.Configuration;

/// <summary>The features that a leave_out names, with * for any characters.</summary>
internal static class LeftOut
{
    /// <summary>Their ids; null where it names none.</summary>
    /// <param name="names">What stands in leave_out.</param>
    /// <param name="features">All features.</param>
    /// <param name="path">Where leave_out stands.</param>
    /// <param name="faults">Takes names that are no feature's, and a list that leaves nothing.</param>
    public static ImmutableArray<int>? Of(List<string> names, IReadOnlyList<Feature> features, string path, FaultList faults)
    {
        foreach (var name in names.Where(name => !features.Any(feature => Matches(name, feature.Name))))
        {
            faults.Add(path, $"'{name}', which is no feature", name.Contains('*', StringComparison.Ordinal) ? "correct it, or take it out" : Spelling.OneOf(name, features.Where(feature => !feature.IsStatistic || feature.Kind == FeatureKind.Sequence).Select(feature => feature.Name)));
        }

        if (names.Count == 0)
        {
            return null;
        }

        if (!features.Any(feature => feature.IsInput && !Names(names, feature.Name)))
        {
            faults.Add(path, "all features", "leave it one at least");
        }

        return [.. features.Where(feature => Names(names, feature.Name)).Select(feature => feature.Id)];
    }

    /// <summary>Whether a leave_out names a feature.</summary>
    public static bool Names(List<string> names, string feature) => names.Any(name => Matches(name, feature));

    private static bool Matches(string name, string feature) => FileSystemName.MatchesSimpleExpression(name, feature, ignoreCase: false);
}
