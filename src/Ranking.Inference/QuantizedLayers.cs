using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Inference;

/// <summary>
/// The layers that can be scored in 8 bits: those computed for every candidate whose inputs are never below 0, what a ReLU
/// gave or a mix of it. The first layers, which are split by scope and kept by item, stay as they are.
/// </summary>
public static class QuantizedLayers
{
    // Below that the rounding of inputs takes longer than the layer.
    private const int FewestOutputs = 16;
    private const int Together = 256;

    /// <summary>The largest input that examples give each of the layers; those that get none above 0 are left out.</summary>
    /// <param name="artifact">The version; it stays open.</param>
    /// <param name="examples">Records as they were served.</param>
    public static ImmutableSortedDictionary<string, float> RangesOf(ModelArtifact artifact, IEnumerable<Example> examples)
    {
        var ranges = new Dictionary<string, float>(StringComparer.Ordinal);
        using var graph = new GraphCompiler(artifact, Machine.Widest, itemCacheBytes: 0, ranges: ranges).Compile();
        using var tables = new VersionTables(artifact);
        var session = new ScoringSession(graph, tables, Machine.Widest);
        var encoder = new FeatureEncoder(artifact.Spec.Schema, artifact.Transforms, serving: true);
        var batch = encoder.CreateBatch();
        foreach (var some in examples.Chunk(Together))
        {
            encoder.Encode(batch, some);
            session.Score(batch);
        }

        return ranges.Where(layer => layer.Value > 0).ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    internal static bool Has(ScoringGraph graph, DenseNode node) =>
        node.Width >= FewestOutputs && (node.Scopes & ScopeSet.Candidate) != 0 && node.Scopes != ScopeSet.Item && IsNeverNegative(graph, node.Input);

    /// <summary>Whether one node alone reads a value, dropout aside.</summary>
    internal static bool IsReadOnce(ScoringGraph graph, int node) =>
        graph.Nodes.Count(reader => reader.Inputs.Contains(node)) == 1
        && graph.Outputs.All(output => output.Node != node)
        && (graph.Nodes[node] is not DropoutNode dropout || IsReadOnce(graph, dropout.Input));

    private static bool IsNeverNegative(ScoringGraph graph, int node) => graph.Nodes[node] switch
    {
        DropoutNode dropout => IsNeverNegative(graph, dropout.Input),
        DenseNode dense => dense.Activation == Activation.Relu,
        // A gate's shares are not below 0.
        MixNode mix => mix.Experts.All(expert => IsNeverNegative(graph, expert)),
        _ => false,
    };
}
