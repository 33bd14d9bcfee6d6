using System.Collections.Immutable;

namespace Ranking.Evaluation;

/// <summary>One model's probabilities for the judged impressions.</summary>
/// <param name="Name">The model's name in the report.</param>
/// <param name="ByOutput">[judged outputs][rows] probabilities; null for an output that the model could not be trained for.</param>
internal sealed record ScoredRows(string Name, ImmutableArray<float[]?> ByOutput);
