namespace Ranking.Files;

/// <summary>Finds the column that says which rows are for training.</summary>
internal static class SplitFinder
{
    public static ColumnProfile? Find(TableProfile log) => log.Columns.FirstOrDefault(column =>
        column.Facts is { Values: { Count: > 1 } values, Missing: 0 } && values.All(value => Use(value) is not null) && values.Any(value => Use(value) == 0));

    public static SplitValues ValuesOf(ColumnProfile? split)
    {
        var uses = (split?.Facts.Values ?? []).ToLookup(value => Use(value)!.Value);
        return new SplitValues([.. uses[0].Order(StringComparer.Ordinal)], [.. uses[1].Order(StringComparer.Ordinal)], [.. uses[2].Order(StringComparer.Ordinal)]);
    }

    private static int? Use(string value) =>
        NameWords.Has(value, NameWords.Training) ? 0 : NameWords.Has(value, NameWords.Validating) ? 1 : NameWords.Has(value, NameWords.Testing) ? 2 : null;
}
