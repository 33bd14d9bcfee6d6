using System.Globalization;
using Ranking.Core;

namespace Ranking.Files;

/// <summary>Tells of each column of the log what it is for.</summary>
internal sealed class LogDrafter
{
    private readonly TableProfile log;
    private readonly Dictionary<string, (ColumnRole Role, string Reason)> taken = new(StringComparer.Ordinal);
    private readonly AfterwardsFinder afterwards;
    private readonly ScopeFinder scopes;
    private readonly HashSet<string> delays;

    /// <exception cref="TableException">There is no label, or a hint that does not fit.</exception>
    public LogDrafter(TableProfile log, DraftHints hints, TableMatch? users, TableMatch? items)
    {
        this.log = log;
        var user = TakeId(ColumnRole.UserId, hints.User, users, NameWords.Users);
        var item = TakeId(ColumnRole.ItemId, hints.Item, items, NameWords.Items);
        var request = Take(ColumnRole.RequestId, null, column => NameWords.IsIdOf(column.Name, NameWords.Requests) && !column.IsUnique, "by its name the request's id; rows of one request were shown together");
        Split = Take(ColumnRole.Split, null, column => column == SplitFinder.Find(log), "its values name training and test");
        // A label is named before a time is looked for: both may be whole numbers.
        var found = FindLabels(hints);
        Time = TimeFinder.Find(log, hints.Time, taken.Keys.ToHashSet());
        _ = Take(ColumnRole.Time, Time.Column, _ => false, Time.Reason);
        _ = Take(ColumnRole.Position, null, IsPosition, "by its name the place at which the item was shown");
        ColumnProfile[] labels = [.. found.Select(label => label.Column)];
        var outcomes = new OutcomeFinder(log, labels);
        Outcomes = outcomes.Find();
        delays = [.. labels.Select(outcomes.DelayOf).OfType<ColumnProfile>().Select(column => column.Name)];
        (afterwards, scopes) = (new AfterwardsFinder(log, labels), new ScopeFinder(user, item, request));
    }

    public ColumnProfile? Split { get; }

    public TimeDraft Time { get; }

    public IReadOnlyList<OutcomeDraft> Outcomes { get; }

    /// <summary>The columns.</summary>
    public IEnumerable<ColumnDraft> Columns() => log.Columns.Select(Draft);

    private ColumnDraft Draft(ColumnProfile column)
    {
        if (taken.TryGetValue(column.Name, out var known))
        {
            return new ColumnDraft(column.Name, known.Role, known.Reason) { Distinct = column.Values.Length, Scope = known.Role == ColumnRole.ItemId ? FeatureScope.Item : FeatureScope.User };
        }

        var kind = KindFinder.Find(column);
        if (kind.Role == ColumnRole.Useless)
        {
            return kind;
        }

        if (delays.Contains(column.Name))
        {
            return kind with { Role = ColumnRole.Never, Reason = "how long after the impression the outcome was" };
        }

        if (afterwards.Find(column) is { } reason)
        {
            return kind with { Role = ColumnRole.Never, Reason = reason };
        }

        if (kind.Role == ColumnRole.Date || KindFinder.IsCompactDay(column))
        {
            return kind with { Role = ColumnRole.Useless, Reason = Time.Column is null ? "a day, which no later row has again" : $"a day, as {Time.Column} says more closely" };
        }

        var (scope, why) = scopes.Find(column, kind.Role);
        return kind with { Scope = scope, Reason = why.Length == 0 ? kind.Reason : $"{kind.Reason}; {why}" };
    }

    private IReadOnlyList<(ColumnProfile Column, string Reason)> FindLabels(DraftHints hints)
    {
        var named = LabelFinder.Named(log, hints);
        var likely = LabelFinder.Find(log, taken.Keys.ToHashSet());
        var labels = hints.Labels.IsEmpty ? likely : named;
        if (labels.Count == 0)
        {
            throw new TableException($"{log.Path}: no column looks like an outcome: 0 or 1 (or false or true) in every row, with a name such as click, purchase, like or label. Name one with --label COLUMN.");
        }

        foreach (var (column, reason) in likely)
        {
            taken[column.Name] = (ColumnRole.Never, $"{reason}, though none that was asked for");
        }

        foreach (var (column, reason) in labels)
        {
            taken[column.Name] = (ColumnRole.Label, reason);
        }

        return labels;
    }

    private ColumnProfile? TakeId(ColumnRole role, string? hint, TableMatch? entities, string[] owners) =>
        Take(role, hint ?? entities?.Column.Name, column => NameWords.IsIdOf(column.Name, owners) && !column.IsConstant,
            hint is not null ? "named on the command line" : entities is not null ? $"the ids of {Path.GetFileName(entities.Entities.Path)}" : "by its name an id");

    private ColumnProfile? Take(ColumnRole role, string? name, Func<ColumnProfile, bool> isIt, string reason)
    {
        var column = name is not null ? log.Find(name) : log.Columns.Where(column => !taken.ContainsKey(column.Name) && isIt(column)).MaxBy(column => column.Values.Length);
        if (column is not null)
        {
            taken[column.Name] = (role, reason);
        }

        return column;
    }

    private static bool IsPosition(ColumnProfile column) =>
        NameWords.Of(column.Name) is var words && words.Length > 0 && NameWords.Positions.Contains(words[^1])
        && column.Facts is { IsWhole: true, Least: >= 0, Most: < 10_000 } && column.Values.All(value => int.TryParse(value, CultureInfo.InvariantCulture, out _));
}
