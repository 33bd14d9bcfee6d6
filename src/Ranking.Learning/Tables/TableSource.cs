using Ranking.Models;

namespace Ranking.Learning;

/// <summary>A table's rows in use, as the artifact's writer takes them.</summary>
internal sealed unsafe class TableSource : IEmbeddingSource
{
    private readonly RowTable rows;
    private readonly int[] rowOf;

    public TableSource(EmbeddingTable table)
    {
        (Name, rows) = (table.Name, table.Rows);
        rowOf = new int[rows.Count];
        for (int row = 0, place = 0; row < rows.Used; row++)
        {
            if (rows.Head(row)->LastSeen != RowTable.Free)
            {
                rowOf[place++] = row;
            }
        }
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
