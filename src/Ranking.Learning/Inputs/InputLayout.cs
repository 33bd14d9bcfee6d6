using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Learning;

/// <summary>One leaf of the graph and its columns of the input matrix.</summary>
/// <param name="Node">The graph's node.</param>
/// <param name="Column">Its first column.</param>
/// <param name="Width">How many.</param>
/// <param name="Feature">The feature.</param>
/// <param name="Position">The feature's place among the columns of its scope.</param>
/// <param name="Table">The index of its embedding table, or −1 for a number.</param>
internal sealed record InputLeaf(int Node, int Column, int Width, Feature Feature, int Position, int Table);

/// <summary>
/// Where the graph's leaves stand in the input matrix: side by side, in the order of the graph. A concatenation of
/// neighbours is then a range of columns and costs nothing.
/// </summary>
internal sealed class InputLayout
{
    public InputLayout(ModelSpec spec, ScoringGraph graph)
    {
        var names = graph.Nodes.OfType<EmbedNode>().Select(node => node.Table).Distinct().ToList();
        var leaves = ImmutableArray.CreateBuilder<InputLeaf>();
        for (var node = 0; node < graph.Nodes.Length; node++)
        {
            var (featureId, table) = graph.Nodes[node] switch
            {
                EmbedNode embed => (embed.FeatureId, names.IndexOf(embed.Table)),
                NumberNode number => (number.FeatureId, -1),
                PiecewiseNode piecewise => (piecewise.FeatureId, -1),
                _ => (0, -1),
            };
            if (featureId > 0)
            {
                var feature = spec.Schema.Features[spec.Schema.SlotOf(featureId)];
                var position = spec.Schema.Features.Count(other => other.IsInput && other.Scope == feature.Scope && other.Id < featureId);
                leaves.Add(new InputLeaf(node, Width, graph.Nodes[node].Width, feature, position, table));
                Width += graph.Nodes[node].Width;
            }
        }

        Leaves = leaves.ToImmutable();
        TableNames = [.. names];
    }

    /// <summary>The leaves, by column.</summary>
    public ImmutableArray<InputLeaf> Leaves { get; }

    /// <summary>The leaf that a node is, or null.</summary>
    public InputLeaf? Of(int node) => Leaves.FirstOrDefault(leaf => leaf.Node == node);

    /// <summary>The tables that they read, each task's copy by itself.</summary>
    public ImmutableArray<string> TableNames { get; }

    /// <summary>Columns of the input matrix.</summary>
    public int Width { get; }

    /// <summary>A table for each name, with the missing and the unknown row of each of its features.</summary>
    public ImmutableArray<EmbeddingTable> CreateTables(ModelSpec spec) =>
        [.. TableNames.Select((name, table) =>
        {
            var features = Leaves.Where(leaf => leaf.Table == table).Select(leaf => leaf.Feature).ToList();
            return new EmbeddingTable(
                name,
                spec.Tables.First(declared => declared.Name == features[0].Table),
                [.. features.SelectMany(feature => new[] { KeyHash.Missing(feature.Id), KeyHash.Unknown(feature.Id) })],
                spec.Training);
        })];
}
