using Ranking.Core;
using Ranking.Files;

namespace Ranking.Cli;

/// <summary>The statistics and sequences that a draft's data are worth, as lines of a job file.</summary>
internal static class StatisticsProposal
{
    // Of more values a user sees too few of each; of fewer than two there is nothing to count by.
    private const int MostValuesOfAPair = 1_000;

    /// <summary>The lines.</summary>
    /// <param name="draft">What the data seem to be.</param>
    /// <param name="names">The features' names by table and column.</param>
    public static List<string> Lines(SourceDraft draft, IReadOnlyDictionary<(SourceTable Table, string Column), string> names)
    {
        var user = Key(ColumnRole.UserId);
        var item = Key(ColumnRole.ItemId);
        var time = draft.Time.Column;
        if ((user ?? item) is null || time is null)
        {
            return [];
        }

        // What recurs from item to item, and can be learned of before an item is known.
        var features = Features().ToList();
        var attributes = features.Where(each => each.Column.Scope == FeatureScope.Item && each.Column.Role == ColumnRole.Categorical && each.Column.Distinct > 2 && each.Column.Distinct < Items() * 0.95)
            .OrderByDescending(each => each.Column.Distinct).Select(each => each.Name).Take(4).ToList();
        var paired = features.Where(each => each.Column.Scope is FeatureScope.Item or FeatureScope.Context && each.Column.Role == ColumnRole.Categorical && each.Column.Distinct is > 2 and < MostValuesOfAPair)
            .OrderByDescending(each => each.Column.Distinct).Select(each => each.Name).Take(4).ToList();
        var contexts = features.Where(each => each.Column.Scope == FeatureScope.Context && each.Column.Role == ColumnRole.Categorical).Select(each => each.Name).Take(2);
        string[] keys = [.. new[] { user, item }.OfType<string>(), .. attributes, .. contexts.Except(attributes)];
        string[] pairs = user is null ? [] : [.. paired.Select(name => $"{user} * {name}")];
        var rates = draft.Outcomes.Where(outcome => outcome.IsTask).SelectMany(outcome => outcome.Given is null ? [$"{outcome.Name} / impression"] : new[] { $"{outcome.Name} / {outcome.Given}", $"{outcome.Name} / impression" });
        var lines = new List<string>
        {
            "statistics: # what happened before, by whom and of what: often worth more than any network; lag: the time after which outcomes are known",
            $"  - {{by: [{string.Join(", ", keys)}], rate: [{string.Join(", ", rates)}], over: [decay 1d, decay 7d, ever], lag: 10m}} # short and long memory of each",
        };
        if (pairs.Length > 0)
        {
            lines.Add($"  - {{by: [{string.Join(", ", pairs)}], rate: [{string.Join(", ", rates)}], over: [decay 7d], lag: 10m}} # what this user does with such items");
        }

        lines.Add($"  - {{by: [{string.Join(", ", keys.Take(2))}], count: [impression], since: [impression], over: [decay 1h, decay 1d]}} # how often and how lately, which needs no outcome");
        if (user is not null)
        {
            lines.Add($"  - {{by: [{user}], last: [{draft.Outcomes[0].Name} / impression], length: 5, lag: 10m}} # the user's newest outcomes");
        }

        if (user is not null && item is not null)
        {
            string[] columns = [item, .. attributes.Take(3), "age"];
            lines.Add("sequences: # what the user was shown and did last, weighed for each candidate");
            lines.Add($"  {draft.Outcomes[0].Name}s: {{of: {draft.Outcomes[0].Name}, last: 20, columns: [{string.Join(", ", columns)}], lag: 10m}}");
            lines.Add($"  shown: {{of: impression, last: 20, columns: [{string.Join(", ", columns)}, outcome]}}");
        }

        return lines;

        string? Key(ColumnRole role) => new[] { (SourceTable.Users, draft.Users), (SourceTable.Items, draft.Items), (SourceTable.Log, draft.Log) }
            .Select(each => each.Item2?.Find(role) is { } column ? names.GetValueOrDefault((each.Item1, column.Name)) : null).FirstOrDefault(name => name is not null);

        IEnumerable<(ColumnDraft Column, string Name)> Features() => new[] { (SourceTable.Items, draft.Items), (SourceTable.Log, draft.Log) }
            .SelectMany(each => each.Item2?.Columns.Where(column => names.ContainsKey((each.Item1, column.Name))).Select(column => (column, names[(each.Item1, column.Name)])) ?? []);

        int Items() => (draft.Items ?? draft.Log).Find(ColumnRole.ItemId)?.Distinct ?? int.MaxValue;
    }
}
