using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Learning;

/// <summary>The table rows that a batch's ids read: for each leaf, one for each key of its column.</summary>
internal sealed class BatchRows
{
    private readonly InputLayout layout;
    private readonly ImmutableArray<EmbeddingTable> tables;
    private readonly ThreadTeam threads;
    private readonly int[][] rows;
    private readonly int[] unknown;
    private readonly ContentRows contents;

    public BatchRows(InputLayout layout, ImmutableArray<EmbeddingTable> tables, ThreadTeam threads)
    {
        (this.layout, this.tables, this.threads) = (layout, tables, threads);
        contents = new ContentRows(layout, tables);
        rows = [.. layout.Leaves.Select(_ => Array.Empty<int>())];
        unknown = [.. layout.Leaves.Select(leaf => leaf.Table < 0 ? -1 : tables[leaf.Table].Rows.Find(KeyHash.Unknown(leaf.Feature.Id)))];
    }

    /// <summary>[keys] the row of each key of a leaf's column.</summary>
    public ReadOnlySpan<int> Of(int leaf) => rows[leaf];

    /// <summary>The keys, weights and row borders of a leaf.</summary>
    public static EncodedColumn Column(EncodedBatch batch, InputLeaf leaf)
    {
        var column = batch[leaf.Feature.Scope].Columns[leaf.Position];
        return leaf.Part < 0 ? column : column.Parts[leaf.Part];
    }

    /// <summary>Finds the rows; ids without one read their feature's unknown row.</summary>
    public void Find(EncodedBatch batch) => threads.For(rows.Length, leaf =>
    {
        if (layout.Leaves[leaf].Table >= 0)
        {
            Find(Column(batch, layout.Leaves[leaf]).Keys, leaf, unknown[leaf]);
        }
    });

    /// <summary>
    /// Finds the rows and counts the sightings of ids that have none, in the order of leaves, examples and lists;
    /// returns how many ids were admitted.
    /// </summary>
    public int FindAndAdmit(EncodedBatch batch, uint now)
    {
        threads.For(rows.Length, leaf =>
        {
            if (layout.Leaves[leaf].Table >= 0)
            {
                Find(Column(batch, layout.Leaves[leaf]).Keys, leaf, -1);
            }
        });
        var admitted = 0;
        threads.For(tables.Length, table => Interlocked.Add(ref admitted, Admit(batch, table, now)));
        contents.Begin(batch, this);
        return admitted;
    }

    /// <summary>
    /// Lets ids read their feature's unknown row, each with its table's declared probability: a draw by counter, of seed,
    /// step, feature and the id's place in the batch, so that there is no state to keep. A missing value is no id.
    /// </summary>
    public void DropIds(EncodedBatch batch, ulong seed, long step) => threads.For(rows.Length, at =>
    {
        var leaf = layout.Leaves[at];
        if (leaf.Table < 0 || tables[leaf.Table].Spec.IdDropout is not (> 0 and var rate))
        {
            return;
        }

        var draws = new InitialRows(seed ^ ((ulong)step << 20), $"id_dropout.{leaf.Feature.Id}");
        var keys = Column(batch, leaf).Keys;
        var missing = KeyHash.Missing(leaf.Feature.Id);
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i] != missing && draws.Uniform(i, 0.5f) + 0.5f < rate)
            {
                rows[at][i] = unknown[at];
            }
        }
    });

    private void Find(ReadOnlySpan<ulong> keys, int leaf, int otherwise)
    {
        if (rows[leaf].Length < keys.Length)
        {
            rows[leaf] = new int[keys.Length * 2];
        }

        tables[layout.Leaves[leaf].Table].Rows.Find(keys, otherwise, rows[leaf]);
    }

    private int Admit(EncodedBatch batch, int table, uint now)
    {
        var admitted = 0;
        for (var leaf = 0; leaf < rows.Length; leaf++)
        {
            if (layout.Leaves[leaf].Table != table)
            {
                continue;
            }

            var keys = Column(batch, layout.Leaves[leaf]).Keys;
            for (var i = 0; i < keys.Length; i++)
            {
                // An id that this batch admitted a moment ago has its row now.
                if (rows[leaf][i] < 0 && (rows[leaf][i] = tables[table].Rows.Find(keys[i])) < 0)
                {
                    rows[leaf][i] = unknown[leaf];
                    if (layout.Leaves[leaf].Admits && tables[table].Sight(keys[i], now))
                    {
                        admitted++;
                        contents.Note(table, leaf, i);
                    }
                }
            }
        }

        return admitted;
    }
}
