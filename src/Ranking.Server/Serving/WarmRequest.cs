using Ranking.Contracts.V1;
using Ranking.Core;
using Ranking.Models;
using FeatureColumn = Ranking.Contracts.V1.FeatureColumn;

namespace Ranking.Server;

/// <summary>
/// Requests of nobody for nothing that run all of a model's code: every other one brings a value for every feature, and the
/// store is asked in vain, each time for some ids that it was not asked for before.
/// </summary>
internal static class WarmRequest
{
    // Small ones, so that there are many calls soon, and now and then a large one, so that buffers have their size.
    private const int Candidates = 64;
    private const int LargestCandidates = 512;
    private const int TurnsPerBlock = 8;
    private const int NewItemsPerTurn = 16;

    // No id that anybody has begins like this.
    private const string Id = "\u0001warm";

    /// <summary>Whether a request of that user is one of these.</summary>
    public static bool IsOf(string userId) => userId.StartsWith(Id, StringComparison.Ordinal);

    /// <param name="model">The model's name on this server.</param>
    /// <param name="spec">What it is.</param>
    /// <param name="turn">Counts the requests: it decides on objective, size, ids and whether features are sent (odd ones).</param>
    /// <param name="caller">Callers of one turn ask for the same items, each for another user.</param>
    /// <param name="options">Bounds the candidates.</param>
    public static RankRequest For(string model, ModelSpec spec, int turn, int caller, ServerOptions options)
    {
        var count = Math.Min(options.MaxCandidates, turn % TurnsPerBlock == TurnsPerBlock - 1 ? LargestCandidates : Candidates);
        var features = turn % 2 == 1 ? spec.Schema.Features.Where(feature => feature.Derived is null && feature.Kind != FeatureKind.Sequence) : [];
        return new RankRequest
        {
            UserId = $"{Id}-{turn}-{caller}",
            ItemIds = { Enumerable.Range(turn * NewItemsPerTurn, count).Select(item => $"{Id}-{item}") },
            Features = { features.Select(feature => Column(feature, feature.Scope is FeatureScope.User or FeatureScope.Context ? 1 : count)) },
            Options = new RequestOptions { Model = model, Objective = spec.Objectives[turn / 2 % spec.Objectives.Length].Name, Log = false },
        };
    }

    private static FeatureColumn Column(Feature feature, int rows)
    {
        var column = new FeatureColumn { Name = feature.Name };
        if (feature.Kind == FeatureKind.Numeric)
        {
            column.Numbers = new NumberValues { Values = { Enumerable.Repeat(1.0, rows) } };
        }
        else
        {
            column.Texts = new TextValues { Values = { Enumerable.Repeat(Id, rows) } };
        }

        column.Lengths.Add(Enumerable.Repeat(1u, feature.IsList ? rows : 0));
        column.Weights.Add(Enumerable.Repeat(1f, feature.Kind == FeatureKind.WeightedList ? rows : 0));
        return column;
    }
}
