namespace Ranking.Files;

/// <summary>A table whose rows are the entities that a column of the log names.</summary>
internal sealed record TableMatch(TableProfile Entities, ColumnProfile Key, ColumnProfile Column, double Overlap)
{
    /// <summary>Why the two belong together.</summary>
    public string Reason => $"one row for each {Key.Name}, with {Overlap:P0} of the values that the log's {Column.Name} has";

    /// <summary>How well a table's best key fits the log's best column; null where nothing fits.</summary>
    public static TableMatch? Find(TableProfile log, TableProfile entities)
    {
        // Of a table larger than its sample only so many of the log's ids can be found.
        var reach = (double)entities.Sampled / entities.Rows;
        return entities.Columns.Where(key => key.IsUnique)
            .SelectMany(key => log.Columns.Where(column => !column.IsUnique && column.Facts.Values is not { Count: <= 2 })
                .Select(column => new TableMatch(entities, key, column, Math.Min(1, Share(column, key) / reach))))
            .Where(match => match.Overlap >= 0.5).MaxBy(match => match.Overlap + (match.Key.Name == match.Column.Name ? 1 : 0) + (NameWords.Has(match.Column.Name, NameWords.Ids) ? 0.5 : 0));
    }

    private static double Share(ColumnProfile column, ColumnProfile key)
    {
        var known = key.Values.ToHashSet(StringComparer.Ordinal);
        return column.Values.Length == 0 ? 0 : column.Values.Count(known.Contains) / (double)column.Values.Length;
    }
}
