using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Learning;

/// <summary>
/// Begins the rows of ids that a batch admitted at the mean of what the declared features read in the same example, where
/// a table is declared so. On one thread, in the order of tables and admissions: a row may begin from one that the same
/// batch began, and the cost is that of admissions alone.
/// </summary>
internal sealed class ContentRows
{
    private readonly InputLayout layout;
    private readonly ImmutableArray<EmbeddingTable> tables;

    // [tables] the leaves that rows begin from: those of the network whose copy the table is.
    private readonly ImmutableArray<ImmutableArray<int>> sources;
    private readonly ImmutableArray<List<(int Leaf, int Key)>> admitted;

    public ContentRows(InputLayout layout, ImmutableArray<EmbeddingTable> tables)
    {
        (this.layout, this.tables) = (layout, tables);
        sources = [.. tables.Select(SourcesOf)];
        admitted = [.. tables.Select(_ => new List<(int, int)>())];
    }

    /// <summary>Notes that a key of a leaf's column was admitted. Safe from many threads, each with tables of its own.</summary>
    public void Note(int table, int leaf, int key)
    {
        if (!sources[table].IsEmpty)
        {
            admitted[table].Add((leaf, key));
        }
    }

    /// <summary>Writes the rows of all that was noted, and forgets it.</summary>
    public void Begin(EncodedBatch batch, BatchRows rows)
    {
        for (var table = 0; table < tables.Length; table++)
        {
            var (last, example) = (-1, 0);
            foreach (var (leaf, key) in admitted[table])
            {
                // Noted in the order of the column: its rows are passed over once.
                (last, example) = (leaf, leaf == last ? example : 0);
                var column = BatchRows.Column(batch, layout.Leaves[leaf]);
                for (; column.Offsets[example + 1] <= key; example++)
                {
                }

                var values = tables[table].Rows.Values(tables[table].Rows.Find(column.Keys[key]));
                WriteMean(batch, rows, sources[table], example, values);
            }

            admitted[table].Clear();
        }
    }

    private void WriteMean(EncodedBatch batch, BatchRows rows, ImmutableArray<int> leaves, int example, Span<float> values)
    {
        values.Clear();
        foreach (var leaf in leaves)
        {
            var column = BatchRows.Column(batch, layout.Leaves[leaf]);
            var read = tables[layout.Leaves[leaf].Table].Rows;
            for (var at = column.Offsets[example]; at < column.Offsets[example + 1]; at++)
            {
                RowArithmetic.AddScaled(values, read.Values(rows.Of(leaf)[at]), column.Weights[at] / leaves.Length);
            }
        }
    }

    private ImmutableArray<int> SourcesOf(EmbeddingTable table)
    {
        var suffix = table.Name[table.Spec.Name.Length..];
        return
        [
            .. layout.Leaves.Index()
                .Where(leaf => leaf.Item is { Sequence: < 0, Table: >= 0 } && table.Spec.InitFrom?.Contains(leaf.Item.Feature.Id) == true
                    && tables[leaf.Item.Table].Name == leaf.Item.Feature.Table + suffix)
                .Select(leaf => leaf.Index),
        ];
    }
}
