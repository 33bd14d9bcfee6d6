using System.Collections.Immutable;

namespace Ranking.Evaluation;

/// <summary>One model's probabilities for the judged impressions.</summary>
/// <param name="Name">The model's name in the report.</param>
/// <param name="ByOutput">[judged outputs][rows] probabilities; null for an output that the model could not be trained for.</param>
internal sealed record ScoredRows(string Name, ImmutableArray<float[]?> ByOutput)
{
    /// <summary>Those of chosen rows, by their places.</summary>
    public ScoredRows At(int[] places) => this with
    {
        ByOutput = [.. ByOutput.Select(column => column is null ? null : Array.ConvertAll(places, place => column[place]))],
    };
}
