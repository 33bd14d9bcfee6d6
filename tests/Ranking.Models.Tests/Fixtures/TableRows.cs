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

    /// <summary>[dimension] a row as it is read after it was written in other numbers.</summary>
    public static float[] Rounded(RowPrecision precision, ReadOnlySpan<float> row)
    {
        var (bytes, rounded) = (new byte[RowCodec.LengthOf(precision, row.Length)], new float[row.Length]);
        RowCodec.Write(precision, row, bytes);
        RowCodec.Read(precision, bytes, rounded);
        return rounded;
    }
}
