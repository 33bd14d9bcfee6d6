namespace Ranking.Files;

/// <summary>Finds the columns that a declaration names.</summary>
internal static class TableColumns
{
    /// <summary>The column's index.</summary>
    /// <exception cref="TableException">The table has no such column.</exception>
    public static int Index(TableReader table, string column)
    {
        Require(table, [column]);
        return table.IndexOf(column);
    }

    /// <exception cref="TableException">The table lacks some of the columns; all are named.</exception>
    public static void Require(TableReader table, IEnumerable<string> columns)
    {
        var lacking = columns.Where(column => table.IndexOf(column) < 0).Distinct().ToList();
        if (lacking.Count > 0)
        {
            throw new TableException($"{table.Path}: has no column {string.Join(", ", lacking.Select(column => $"'{column}'"))}; it has {string.Join(", ", table.Columns)}.");
        }
    }
}
