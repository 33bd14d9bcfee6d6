using Ranking.Models;

namespace Ranking.Learning;

/// <summary>A table's rows in use, or those of ids that were touched lately, as the artifact's writer takes them.</summary>
internal sealed unsafe class TableSource : IEmbeddingSource
{
    private readonly RowTable rows;
    private readonly int[] rowOf;

    public TableSource(EmbeddingTable table)
        : this(table, 0, 0)
    {
    }

    /// <param name="table">The table.</param>
    /// <param name="since">When they were touched at the earliest, Unix seconds of event time.</param>
    public TableSource(EmbeddingTable table, long since)
        : this(table, table.Reserved, since)
    {
    }

    private TableSource(EmbeddingTable table, int first, long since)
    {
        (Name, rows) = (table.Name, table.Rows);
        rowOf = [.. Enumerable.Range(first, rows.Used - first).Where(row => rows.Head(row)->LastSeen is not RowTable.Free and var seen && seen >= since)];
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Dimension => rows.Dimension;

    /// <inheritdoc/>
    public int Count => rowOf.Length;

    /// <inheritdoc/>
    public void CopyKeys(Span<ulong> keys)
    {
        for (var place = 0; place < rowOf.Length; place++)
        {
            keys[place] = rows.Head(rowOf[place])->Key;
        }
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Row(int place) => rows.Values(rowOf[place]);
}
