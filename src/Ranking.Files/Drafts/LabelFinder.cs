namespace Ranking.Files;

/// <summary>Finds the log's columns that say whether something followed the impression.</summary>
internal static class LabelFinder
{
    /// <summary>The columns that a person named.</summary>
    /// <exception cref="TableException">One of them cannot be a label.</exception>
    public static IReadOnlyList<(ColumnProfile Column, string Reason)> Named(TableProfile log, DraftHints hints) =>
    [
        .. hints.Labels.Distinct().Select(name => log.Find(name)!).Select(column => IsBinary(column) ? (column, "named on the command line")
            : throw new TableException($"{log.Path}: the column '{column.Name}' is no label: it needs 0 or 1 (or false or true) in every row, and both of them.")),
    ];

    /// <summary>The columns that look like labels.</summary>
    public static IReadOnlyList<(ColumnProfile Column, string Reason)> Find(TableProfile log, IReadOnlySet<string> taken)
    {
        var reasons = log.Columns.Select(column => !taken.Contains(column.Name) && IsBinary(column) && NameWords.Has(column.Name, NameWords.FirstOutcomes, NameWords.Goals, NameWords.OtherOutcomes)
            ? "0 or 1, by its name an outcome" : null).ToArray();
        // Tables keep their outcomes together.
        Spread(1);
        Spread(-1);
        return [.. log.Columns.Index().Where(each => reasons[each.Index] is not null).Select(each => (each.Item, reasons[each.Index]!))];

        void Spread(int step)
        {
            for (var i = step > 0 ? 1 : reasons.Length - 2; i >= 0 && i < reasons.Length; i += step)
            {
                reasons[i] ??= reasons[i - step] is not null && !taken.Contains(log.Columns[i].Name) && IsZeroOrOne(log.Columns[i])
                    ? $"0 or 1, and stands beside the outcome {log.Columns[i - step].Name}" : null;
            }
        }
    }

    /// <summary>The formula that is not 0 where the label holds.</summary>
    public static string Formula(ColumnProfile label) =>
        IsZeroOrOne(label) ? label.Name : $"{label.Name} == '{label.Facts.Values!.First(value => value.Equals("true", StringComparison.OrdinalIgnoreCase))}'";

    /// <summary>Whether the label holds in a sampled row.</summary>
    public static bool Holds(ColumnProfile label, int row) =>
        label.Values[label.Codes[row]] is var value && (IsZeroOrOne(label) ? label.NumberAt(row) == 1 : value.Equals("true", StringComparison.OrdinalIgnoreCase));

    private static bool IsBinary(ColumnProfile column) => IsZeroOrOne(column)
        || (column.Facts is { Missing: 0, Values: { Count: 2 } values } && values.Select(value => value.ToLowerInvariant()).Order(StringComparer.Ordinal).SequenceEqual(["false", "true"]));

    private static bool IsZeroOrOne(ColumnProfile column) =>
        column.Facts is { Missing: 0, IsWhole: true, Least: 0, Most: 1 };
}
