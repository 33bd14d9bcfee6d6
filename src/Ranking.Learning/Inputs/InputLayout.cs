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
/// <param name="Sequence">The index of the matrix of entries that it stands in, or −1 for the input matrix.</param>
/// <param name="Part">The index of the sequence's column, or −1.</param>
internal sealed record InputLeaf(int Node, int Column, int Width, Feature Feature, int Position, int Table, int Sequence = -1, int Part = -1)
{
    /// <summary>
    /// Whether reading an id is a sighting of it. An impression that comes back in the sequences of later ones was seen
    /// once.
    /// </summary>
    public bool Admits { get; init; } = true;

    /// <summary>Whether it is a number's place in its bins; else one number is the number itself.</summary>
    public bool IsPiecewise { get; init; }
}

/// <summary>The matrix of a sequence's entries: one row an entry, those of all examples after one another.</summary>
/// <param name="Node">The attention that reads it.</param>
/// <param name="Width">Its columns.</param>
/// <param name="First">One of its leaves.</param>
internal sealed record EntryLayout(int Node, int Width, InputLeaf First);

/// <summary>
/// Where the graph's leaves stand in the input matrix: side by side, in the order of the graph. A concatenation of
/// neighbours is then a range of columns and costs nothing.
/// </summary>
internal sealed class InputLayout
{
    public InputLayout(ModelSpec spec, ScoringGraph graph)
    {
        var names = graph.Nodes.OfType<TableNode>().Select(node => node.Table).Distinct().ToList();
        var sequences = ImmutableArray.CreateBuilder<EntryLayout>();
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
                leaves.Add(new InputLeaf(node, Width, graph.Nodes[node].Width, feature, PositionOf(spec.Schema, feature), table)
                {
                    IsPiecewise = graph.Nodes[node] is PiecewiseNode,
                });
                Width += graph.Nodes[node].Width;
            }

            if (graph.Nodes[node] is TargetAttentionNode attention)
            {
                var column = 0;
                foreach (var entry in attention.Entries)
                {
                    var read = (SequenceNode)graph.Nodes[entry];
                    var sequence = spec.Schema.Features[spec.Schema.SlotOf(read.Sequence)];
                    var part = sequence.Columns[read.Column];
                    leaves.Add(new InputLeaf(
                        entry, column, read.Width, sequence.PartOf(part), PositionOf(spec.Schema, sequence), names.IndexOf(read.Table), sequences.Count, read.Column)
                    {
                        Admits = part.Kind != SequenceColumnKind.Feature,
                    });
                    column += read.Width;
                }

                sequences.Add(new EntryLayout(node, column, leaves[^1]));
            }
        }

        Leaves = leaves.ToImmutable();
        Sequences = sequences.ToImmutable();
        TableNames = [.. names];
    }

    /// <summary>The leaves, by column.</summary>
    public ImmutableArray<InputLeaf> Leaves { get; }

    /// <summary>The leaf of the input matrix that a node is, or null.</summary>
    public InputLeaf? Of(int node) => Leaves.FirstOrDefault(leaf => leaf.Node == node && leaf.Sequence < 0);

    /// <summary>The matrices of entries.</summary>
    public ImmutableArray<EntryLayout> Sequences { get; }

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
                [.. features.SelectMany(feature => new[] { KeyHash.Missing(feature.Id), KeyHash.Unknown(feature.Id) }).Distinct()],
                spec.Training);
        })];

    private static int PositionOf(FeatureSchema schema, Feature feature) =>
        schema.Features.Count(other => other.IsInput && other.Scope == feature.Scope && other.Id < feature.Id);
}
