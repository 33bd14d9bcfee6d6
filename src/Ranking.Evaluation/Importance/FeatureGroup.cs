using System.Collections.Immutable;

namespace Ranking.Evaluation;

/// <summary>Features whose values are permuted together, and what is known of an impression beside its records.</summary>
/// <param name="Name">The name in the report.</param>
/// <param name="IsUnion">Whether it holds other groups.</param>
/// <param name="Ids">The raw features.</param>
/// <param name="HasTime">Whether the impression's time goes with them.</param>
/// <param name="Inputs">The inputs that change.</param>
internal sealed record FeatureGroup(string Name, bool IsUnion, ImmutableHashSet<int> Ids, bool HasTime, ImmutableArray<string> Inputs);
