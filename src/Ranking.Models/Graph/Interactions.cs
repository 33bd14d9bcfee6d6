using System.Collections.Immutable;

namespace Ranking.Models;

/// <summary>
/// What the model declares between its input features and its network; every architecture reads the result in place of
/// the features. What reads features of several scopes is computed for every candidate.
/// </summary>
internal static class Interactions
{
    /// <param name="graph">The graph.</param>
    /// <param name="fields">The features' nodes, by scope.</param>
    /// <param name="suffix">What the names of buffers end in.</param>
    public static int Of(GraphBuilder graph, ImmutableArray<int> fields, string suffix)
    {
        var inputs = graph.Concat(fields);
        var crossed = Crossed(graph, inputs, suffix);
        return graph.Spec.Architecture.Factorization ? graph.Concat([crossed, .. Factorized(graph, inputs, fields)]) : crossed;
    }

    // The stacked structure (Wang et al., 2021, fig. 1a): what the cross layers give holds x₀ as its first term.
    private static int Crossed(GraphBuilder graph, int inputs, string suffix)
    {
        var (last, cross) = (inputs, graph.Spec.Architecture.Cross);
        for (var i = 0; i < (cross?.Layers ?? 0); i++)
        {
            last = graph.Cross(inputs, last, cross!.Rank, $"cross.{i}{suffix}");
        }

        return last;
    }

    // One machine for each width of embeddings that two features or more have.
    private static IEnumerable<int> Factorized(GraphBuilder graph, int inputs, ImmutableArray<int> fields)
    {
        var begin = 0;
        var embeddings = new List<(int Begin, int Width)>();
        foreach (var field in fields)
        {
            if (graph.IsEmbedding(field))
            {
                embeddings.Add((begin, graph.WidthOf(field)));
            }

            begin += graph.WidthOf(field);
        }

        return embeddings.GroupBy(field => field.Width).Where(group => group.Count() > 1).OrderBy(group => group.Key)
            .Select(group => graph.Factorization(inputs, [.. group.Select(field => field.Begin)], group.Key));
    }
}
