using Ranking.Core;

namespace Ranking.Files;

/// <summary>Infers what a job's data are, for <c>ranking init --from</c>: a draft for a person to read, not a verdict.</summary>
public static class SourceDrafter
{
    /// <summary>Reads the tables once each and tells what they seem to be.</summary>
    /// <param name="paths">A log and, in any order, tables of its users and items.</param>
    /// <param name="hints">What is known already.</param>
    /// <param name="progress">Hears how much has been read, 0 to 1.</param>
    /// <exception cref="TableException">A table cannot be read, there is not one log, or it has no label.</exception>
    public static SourceDraft Draft(IReadOnlyList<string> paths, DraftHints hints, IProgress<double>? progress = null)
    {
        if (paths.CountBy(Path.GetFullPath).FirstOrDefault(pair => pair.Value > 1).Key is { } twice)
        {
            throw new TableException($"{twice}: given twice; give each table once.");
        }

        var tables = paths.Select((path, i) => TableProfile.Read(path, progress is null ? null : new Part(progress, i, paths.Count))).ToList();
        var (log, users, items) = TableMatcher.Match(tables, hints);
        foreach (var name in new[] { hints.User, hints.Item, hints.Time }.Concat(hints.Labels).OfType<string>().Where(name => log.Find(name) is null))
        {
            throw new TableException($"{log.Path}: has no column '{name}'; it has {string.Join(", ", log.Columns.Select(column => column.Name))}.");
        }

        var drafter = new LogDrafter(log, hints, users, items);
        var draft = new SourceDraft
        {
            Log = new TableDraft(log.Path, null, [.. drafter.Columns()], $"{log.Rows} rows{(log.Rows > log.Sampled ? $", judged by {log.Sampled} of them" : "")}"),
            Users = Entities(users, ColumnRole.UserId, FeatureScope.User),
            Items = Entities(items, ColumnRole.ItemId, FeatureScope.Item),
            Time = drafter.Time,
            Outcomes = [.. drafter.Outcomes],
            Split = SplitFinder.ValuesOf(drafter.Split),
        };
        return draft with { Doubts = [.. Doubts(draft)] };
    }

    private static TableDraft? Entities(TableMatch? match, ColumnRole id, FeatureScope scope) =>
        match is null ? null : new TableDraft(match.Entities.Path, match.Key.Name,
        [
            .. match.Entities.Columns.Select(column => column == match.Key
                ? new ColumnDraft(column.Name, id, match.Reason) { Scope = scope, Distinct = column.Values.Length }
                : KindFinder.Find(column) with { Scope = scope }),
        ], match.Reason);

    private static IEnumerable<string> Doubts(SourceDraft draft)
    {
        if (draft.Log.Find(ColumnRole.UserId) is null)
        {
            yield return "no column is the user's id, so every row is a user of its own; name one with --user COLUMN";
        }

        if (draft.Log.Find(ColumnRole.ItemId) is null)
        {
            yield return "no column is the item's id, so every row is an item of its own; name one with --item COLUMN";
        }

        if (draft.Time.Column is null)
        {
            yield return "no column is the event time, so rows follow each other in steps of a second; name one with --time COLUMN";
        }

        if (draft.Split.Train.IsEmpty)
        {
            yield return "no column splits the rows, so all of them are trained on; ranking evaluate --test-from TIME judges by the last of them";
        }
    }

    /// <summary>Tells of the n-th of several tables as a part of all.</summary>
    private sealed class Part(IProgress<double> all, int index, int count) : IProgress<double>
    {
        public void Report(double value) => all.Report((index + value) / count);
    }
}
