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
        var architecture = graph.Network;
        var begins = Begins(graph, fields);
        var inputs = graph.Concat(fields);
        if (architecture.FeatureGate is { } gate)
        {
            inputs = graph.FieldGate(inputs, begins, gate.Reduction, "feature_gate", suffix);
        }

        var crossed = Crossed(graph, inputs, suffix);
        return architecture.Factorization ? graph.Concat([crossed, .. Factorized(graph, inputs, fields, begins)]) : crossed;
    }

    // The stacked structure (Wang et al., 2021, fig. 1a): what the cross layers give holds x₀ as its first term.
    private static int Crossed(GraphBuilder graph, int inputs, string suffix)
    {
        var (last, cross) = (inputs, graph.Network.Cross);
        for (var i = 0; i < (cross?.Layers ?? 0); i++)
        {
            last = graph.Cross(inputs, last, cross!.Rank, $"cross.{i}{suffix}");
        }

        return last;
    }

    // One machine for each width of embeddings that two features or more have.
    private static IEnumerable<int> Factorized(GraphBuilder graph, int inputs, ImmutableArray<int> fields, ImmutableArray<int> begins) =>
        fields.Zip(begins)
            .Where(field => graph.IsEmbedding(field.First))
            .GroupBy(field => graph.WidthOf(field.First), field => field.Second)
            .Where(group => group.Count() > 1)
            .OrderBy(group => group.Key)
            .Select(group => graph.Factorization(inputs, [.. group], group.Key));

    // Where each field begins among the inputs.
    private static ImmutableArray<int> Begins(GraphBuilder graph, ImmutableArray<int> fields)
    {
        var begin = 0;
        return [.. fields.Select(field => (begin += graph.WidthOf(field)) - graph.WidthOf(field))];
    }
}
