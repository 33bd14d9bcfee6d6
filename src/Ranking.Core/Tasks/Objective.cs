using System.Collections.Immutable;

namespace Ranking.Core;

/// <summary>
/// How a request turns task scores into one final score: an expression over the model's outputs (<c>ctr</c>, <c>cvr</c>,
/// <c>ctcvr</c>), declared constants and numeric features of the item or pair.
/// </summary>
/// <param name="Name">The name by which a request picks it.</param>
/// <param name="Formula">The expression's text.</param>
/// <param name="Constants">Named constants with their defaults; a request may override them.</param>
public sealed record Objective(string Name, string Formula, ImmutableSortedDictionary<string, double> Constants);
