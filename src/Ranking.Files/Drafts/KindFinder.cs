using System.Text.RegularExpressions;
using Ranking.Core;

namespace Ranking.Files;

/// <summary>Tells what a column's values are, by what they look like; the name decides where whole numbers leave it open.</summary>
internal static partial class KindFinder
{
    // Fewer different whole numbers are taken for codes unless the name says otherwise.
    private const int Few = 20;

    private static readonly string[] separators = [",", "|", ";"];

    public static ColumnDraft Find(ColumnProfile column)
    {
        if (column.IsConstant)
        {
            return Draft(column, ColumnRole.Useless, column.Values is [var only] ? $"'{only}' in every row" : "empty in every row");
        }

        if (column.Facts.IsNumber)
        {
            return column.Facts.IsWhole ? OfWholeNumbers(column) : Number(column, "has decimals");
        }

        if (SeparatorOf(column) is { } separator)
        {
            var isWeighted = column.Values.All(value => value.Split(separator).All(part => Weighted().IsMatch(part.Trim())));
            return Draft(column, isWeighted ? ColumnRole.WeightedList : ColumnRole.List, $"ids with '{separator}' between them, which recur in other rows") with { Separator = separator };
        }

        return column.Values.All(value => Day().IsMatch(value)) ? Draft(column, ColumnRole.Date, "ISO 8601 days")
            : column.IsUnique ? Draft(column, ColumnRole.Useless, "another text in every row")
            : IsProse(column) ? Draft(column, ColumnRole.Useless, "long texts; bring them in as ids or numbers")
            : Draft(column, ColumnRole.Categorical, $"{Count(column)} texts");
    }

    /// <summary>Whether all values are days as in 20220425.</summary>
    public static bool IsCompactDay(ColumnProfile column) => column.Values.Length > 0 && column.Values.All(value => CompactDay().IsMatch(value));

    private static ColumnDraft OfWholeNumbers(ColumnProfile column)
    {
        if (column.Values.Length <= 2)
        {
            return Draft(column, ColumnRole.Categorical, $"{Count(column)} values: {string.Join(", ", column.Values.Order(StringComparer.Ordinal))}");
        }

        return NameWords.IsNumeric(column.Name) switch
        {
            true => Number(column, "whole numbers, by its name an amount"),
            false => Draft(column, ColumnRole.Categorical, $"{Count(column)} whole numbers, by its name codes"),
            null when column.IsUnique => Draft(column, ColumnRole.Useless, "another number in every row"),
            null when column.Values.Length <= Few => Draft(column, ColumnRole.Categorical, $"only {column.Values.Length} whole numbers"),
            null when IsSkewed([.. column.SortedNumbers().Where(number => number != 0)]) => Number(column, "whole numbers, most of them small, as amounts are"),
            null => Draft(column, ColumnRole.Categorical, $"{Count(column)} whole numbers spread evenly, as codes are"),
        };
    }

    private static ColumnDraft Number(ColumnProfile column, string reason)
    {
        var isSkewed = column.Facts.Least >= 0 && IsSkewed(column.SortedNumbers());
        return Draft(column, ColumnRole.Numeric, $"{reason}{(isSkewed ? "; a long tail, so log1p" : "")}") with
        {
            Transform = isSkewed ? TransformKind.Log1p : TransformKind.Standard,
        };
    }

    // The largest hundredth lies more than ten times as far out as the middle.
    private static bool IsSkewed(double[] sorted) =>
        sorted.Length > 0 && sorted[^1] > 20 && sorted[sorted.Length * 99 / 100] > 10 * Math.Abs(sorted[sorted.Length / 2]);

    private static string? SeparatorOf(ColumnProfile column) => separators.FirstOrDefault(separator =>
    {
        var parts = column.Values.Select(value => value.Split(separator, StringSplitOptions.TrimEntries)).ToList();
        var split = parts.Where(each => each.Length > 1).ToList();
        // Parts that recur in other values make a list; those of one text alone are its punctuation.
        var uses = parts.SelectMany(each => each.Distinct()).CountBy(part => part).ToDictionary();
        return split.Count > 0 && uses.Keys.All(part => Atom().IsMatch(part)) && split.Count(each => each.Any(part => uses[part] > 1)) > split.Count / 2;
    });

    private static bool IsProse(ColumnProfile column) => column.Values.Length > column.Codes.Length / 2 && column.Values.Average(value => value.Count(char.IsWhiteSpace)) > 3;

    private static ColumnDraft Draft(ColumnProfile column, ColumnRole role, string reason) =>
        new(column.Name, role, reason) { Distinct = column.Values.Length, IsOftenMissing = column.MissingShare > 0.005 };

    private static string Count(ColumnProfile column) => $"{column.Values.Length}{(column.Facts.Values is null && column.Facts.Rows > column.Codes.Length ? " or more" : "")} different";

    [GeneratedRegex(@"^[\w.:-]+$")]
    private static partial Regex Atom();

    [GeneratedRegex(@"^[\w.-]+:[0-9.]+$")]
    private static partial Regex Weighted();

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}$")]
    private static partial Regex Day();

    [GeneratedRegex(@"^(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(\.0)?$")]
    private static partial Regex CompactDay();
}
