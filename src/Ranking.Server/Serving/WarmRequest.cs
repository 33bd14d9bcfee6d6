using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Server;

/// <summary>A request of nobody for nothing that runs all of a model's code: every feature has a value, and the store is asked in vain.</summary>
internal static class WarmRequest
{
    /// <summary>An id that no user has.</summary>
    public const string User = "\u0001warm";

    private const int Candidates = 200;

    /// <summary>Ids that no item has, as many as a request may bring.</summary>
    public static IEnumerable<string> Items(ServerOptions options) =>
        Enumerable.Range(0, Math.Min(Candidates, options.MaxCandidates)).Select(i => $"{User}-{i}");

    public static ScoringRequest For(FeatureSchema schema, ObjectiveProgram objective, ServerOptions options, long time)
    {
        string[] items = [.. Items(options)];
        return new ScoringRequest
        {
            UserId = User,
            ItemIds = items,
            Features = new RequestFeatures(
                Record(schema, FeatureScope.User), Record(schema, FeatureScope.Context), [.. items.Select(_ => Record(schema, FeatureScope.Item))],
                [.. items.Select(_ => Record(schema, FeatureScope.Pair))]),
            Objective = objective,
            Constants = ImmutableDictionary<string, double>.Empty,
            Time = time,
        };
    }

    private static byte[] Record(FeatureSchema schema, FeatureScope scope)
    {
        var writer = new FeatureRecordWriter(schema.Fingerprint);
        foreach (var feature in schema.Features.Where(feature => feature.Scope == scope))
        {
            switch (feature.Kind)
            {
                case FeatureKind.Categorical:
                    writer.Write(feature.Id, User);
                    break;
                case FeatureKind.Numeric:
                    writer.Write(feature.Id, 1.0);
                    break;
                default:
                    writer.WriteList(feature.Id, [1, 2], feature.Kind == FeatureKind.WeightedList ? [0.5f, 0.5f] : default);
                    break;
            }
        }

        return writer.ToArray();
    }
}
