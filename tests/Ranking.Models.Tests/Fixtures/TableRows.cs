namespace Ranking.Models.Tests;

/// <summary>Rows of a mapped table, as tests compare them.</summary>
internal static class TableRows
{
    /// <summary>[dimension] the row of a key that the table has.</summary>
    public static float[] RowOf(this MappedEmbeddingTable table, ulong key)
    {
        var row = new float[table.Dimension];
        table.Read(table.Find(key), row);
        return row;
    }
}
