using System.Globalization;
using Ranking.Core;

namespace Ranking.Files;

/// <summary>Finds the column that says when a row happened, and its unit.</summary>
internal static class TimeFinder
{
    // The years 2000 to 2100, in seconds.
    private const double Begin = 946_684_800;
    private const double End = 4_102_444_800;

    public static TimeDraft Find(TableProfile log, string? hint, IReadOnlySet<string> taken)
    {
        if (hint is not null)
        {
            var named = log.Find(hint)!;
            return UnitOf(named) is { } known ? new TimeDraft(hint, known, "named on the command line")
                : throw new TableException($"{log.Path}: the column '{hint}' holds no times, as '{named.Values.FirstOrDefault()}' is none; give Unix time in s, ms or us, or ISO 8601, in every row.");
        }

        var candidates = log.Columns.Where(column => !taken.Contains(column.Name)).Select(column => (Column: column, Unit: UnitOf(column), Points: Points(column)))
            .Where(each => each.Unit is not null && each.Points >= 1).OrderByDescending(each => each.Points).ToList();
        if (candidates is not [var best, ..])
        {
            return new TimeDraft(null, TimeUnit.Ms, "no column holds times, so rows follow each other in steps");
        }

        var order = best.Column.Ascent() >= 0.99 ? ", and the rows are in its order" : "";
        return new TimeDraft(best.Column.Name, best.Unit!.Value, $"times of {best.Column.Values[0]} and on{order}");
    }

    /// <summary>The unit in which every value of the column is a time of this century; null where there is none.</summary>
    public static TimeUnit? UnitOf(ColumnProfile column)
    {
        if (column.Facts.Missing > 0 || column.Values.Length == 0)
        {
            return null;
        }

        if (column.Facts.IsNumber)
        {
            return Within(1) ? TimeUnit.S : Within(1_000) ? TimeUnit.Ms : Within(1_000_000) ? TimeUnit.Us : null;
        }

        return column.Values.All(value => value.Length >= 10 && value[4] == '-'
            && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _)) ? TimeUnit.Iso : null;

        bool Within(double units) => column.Facts.Least >= Begin * units && column.Facts.Most <= End * units;
    }

    // Seconds look like ids, so that either name or order must speak for a time; both are better.
    private static double Points(ColumnProfile column) =>
        (NameWords.Has(column.Name, NameWords.Times) ? 1 : 0) + (column.Values.Length > column.Codes.Length / 2 ? Math.Floor(column.Ascent() * 100) / 100 : 0)
        - (NameWords.Has(column.Name, NameWords.FirstOutcomes, NameWords.Goals) ? 1 : 0);
}
