using System.Text.RegularExpressions;

namespace Ranking.Files;

/// <summary>Makes outcomes of labels: what the first one is, which happen only after it, and how much later.</summary>
internal sealed partial class OutcomeFinder(TableProfile log, IReadOnlyList<ColumnProfile> labels)
{
    // A model of all of a log's actions learns each of them less well; the others are written as comments.
    private const int MostTasks = 8;

    /// <exception cref="TableException">A formula cannot name a label's column.</exception>
    public IReadOnlyList<OutcomeDraft> Find()
    {
        foreach (var label in labels.Where(label => !Variable().IsMatch(label.Name)))
        {
            throw new TableException($"{log.Path}: the label's column '{label.Name}' cannot stand in a formula; name it with letters, digits and '_'.");
        }

        var first = labels.FirstOrDefault(label => NameWords.Has(label.Name, NameWords.FirstOutcomes));
        if (first is null)
        {
            return [.. labels.Select((label, i) => new OutcomeDraft(NameOf(label), LabelFinder.Formula(label), AfterOf(label, 1_000), Share(label, null), "") { IsTask = i < MostTasks })];
        }

        var children = labels.Where(label => label != first && Share(label, first) > 0)
            .OrderByDescending(label => NameWords.Has(label.Name, NameWords.Goals)).ThenByDescending(label => Share(label, first));
        return
        [
            new OutcomeDraft(NameOf(first), LabelFinder.Formula(first), AfterOf(first, 1_000), Share(first, null), "") { IsTask = true },
            .. children.Select((label, i) => new OutcomeDraft(NameOf(label), $"{Operand(first)} & {Operand(label)}", AfterOf(label, 2_000), Share(label, first),
                $"{ShareWithin(label, first):P1} of its rows have {first.Name} too") { Given = NameOf(first), IsTask = i == 0 }),
        ];
    }

    /// <summary>The column that says how long after the impression the label's outcome was.</summary>
    public ColumnProfile? DelayOf(ColumnProfile label) => log.Columns.FirstOrDefault(column => column.Facts is { IsNumber: true, Least: >= 0 }
        && NameWords.Has(column.Name, ["after", "delay", "latency", "lag"]) && NameWords.Of(column.Name).Intersect(Stem(label)).Any()
        && Enumerable.Range(0, label.Codes.Length).All(row => !LabelFinder.Holds(label, row) || !double.IsNaN(column.NumberAt(row))));

    private string AfterOf(ColumnProfile label, int guess)
    {
        if (DelayOf(label) is not { } delay)
        {
            return $"{guess}";
        }

        var words = NameWords.Of(delay.Name);
        var factor = words.Contains("s") || words.Contains("sec") || words.Contains("seconds") ? 1_000 : words.Contains("minutes") ? 60_000 : 1;
        return factor == 1 ? delay.Name : $"{delay.Name} * {factor}";
    }

    private double Share(ColumnProfile label, ColumnProfile? among) =>
        Rows().Count(row => LabelFinder.Holds(label, row) && (among is null || LabelFinder.Holds(among, row))) / (double)log.Sampled;

    private double ShareWithin(ColumnProfile label, ColumnProfile among) => Share(label, among) / Share(label, null);

    private IEnumerable<int> Rows() => Enumerable.Range(0, log.Sampled);

    private static string Operand(ColumnProfile label) => LabelFinder.Formula(label) is var formula && formula == label.Name ? formula : $"({formula})";

    private static IEnumerable<string> Stem(ColumnProfile label) => NameWords.Of(label.Name).Where(word => word is not ("is" or "has" or "y"));

    // is_click is told as click, but for a table that has both.
    private string NameOf(ColumnProfile label) =>
        Prefix().Replace(label.Name, "") is var name && labels.Count(other => Prefix().Replace(other.Name, "") == name) == 1 ? name : label.Name;

    [GeneratedRegex("^(is|has|y)_(?=[A-Za-z_])")]
    private static partial Regex Prefix();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex Variable();
}
