namespace Ranking.Files;

/// <summary>Tells why a column of the log must not be a feature, though it could be one by what it holds.</summary>
internal sealed class AfterwardsFinder(TableProfile log, IReadOnlyList<ColumnProfile> labels)
{
    // So many sampled rows, and rows of a value, make it no accident that all have one label.
    private const int EnoughRows = 1_000;
    private const int EnoughOfAValue = 20;

    /// <summary>Why not; null where nothing speaks against the column.</summary>
    public string? Find(ColumnProfile column)
    {
        var words = NameWords.Of(column.Name);
        if (words.Intersect(NameWords.Weights).Any() && column.Facts.IsNumber && words.Intersect(NameWords.Items).Any() is false)
        {
            return "by its name the row's weight, which no request has";
        }

        if (column.Facts.IsNumber && words.Intersect(NameWords.Afterwards).Any())
        {
            return "by its name measured after the impression";
        }

        if (TimeFinder.UnitOf(column) is not null && NameWords.Has(column.Name, NameWords.Times))
        {
            return "a second time, perhaps of what came after";
        }

        return log.Sampled < EnoughRows || column.IsConstant ? null : labels.Select(label => Tell(column, label)).FirstOrDefault(told => told is not null);
    }

    private static string? Tell(ColumnProfile column, ColumnProfile label)
    {
        if (ColumnRelation.IsPresentWith(column, row => LabelFinder.Holds(label, row)))
        {
            return $"a value where {label.Name} holds and none elsewhere, so it comes with it";
        }

        if (ColumnRelation.Fixes(column, label, EnoughOfAValue) > 0.999)
        {
            return $"rows of one value all have the same {label.Name}: it decides the label";
        }

        var auc = column.Facts.IsNumber ? ColumnRelation.Auc(column, row => LabelFinder.Holds(label, row)) : 0.5;
        return Math.Abs(auc - 0.5) > 0.48 ? $"tells {label.Name} all but for certain (AUC {auc:0.000}): known only with it" : null;
    }
}
