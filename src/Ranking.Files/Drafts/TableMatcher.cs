namespace Ranking.Files;

/// <summary>Tells the log from the tables of users and items.</summary>
internal static class TableMatcher
{
    /// <exception cref="TableException">There is more than one log, or a table of neither users nor items.</exception>
    public static (TableProfile Log, TableMatch? Users, TableMatch? Items) Match(IReadOnlyList<TableProfile> tables, DraftHints hints)
    {
        // The log is the table whose columns name the rows of most others; of two that name each other, the larger.
        var log = tables.MaxBy(log => (MatchesOf(log).Count(), log.Rows))!;
        var matches = MatchesOf(log).ToList();
        if (tables.Where(table => table != log && !matches.Exists(match => match.Entities == table)).ToList() is { Count: > 0 } others)
        {
            throw new TableException(matches.Count == 0
                ? $"{Names([log, .. others])}: {others.Count + 1} tables that could be the log; give one log, with the others' rows in it and a column split that tells them apart, and tables with one row for each of its users or items."
                : $"{Names(others)}: no table with one row for each of the users or items of {log.Path}; leave it out, or bring its rows into the log or its columns into another table.");
        }

        TableMatch? users = null, items = null;
        foreach (var match in matches)
        {
            var isUser = match.Column.Name == hints.User || (match.Column.Name != hints.Item && IsOf(match, NameWords.Users));
            var isItem = !isUser && (match.Column.Name == hints.Item || IsOf(match, NameWords.Items));
            if ((isUser ? users : isItem ? items : null) is { } other)
            {
                throw new TableException($"{other.Entities.Path}, {match.Entities.Path}: two tables of {(isUser ? "users" : "items")}; give one, with the other's columns in it.");
            }

            (users, items) = isUser ? (match, items) : isItem ? (users, match)
                : throw new TableException($"{match.Entities.Path}: {match.Reason}, but neither name says whether these are users or items; say --user {match.Column.Name} or --item {match.Column.Name}.");
        }

        return (log, users, items);

        IEnumerable<TableMatch> MatchesOf(TableProfile one) => tables.Where(table => table != one).Select(table => TableMatch.Find(one, table)).OfType<TableMatch>();
    }

    private static bool IsOf(TableMatch match, string[] owners) => NameWords.IsIdOf(match.Column.Name, owners) || NameWords.IsIdOf(match.Key.Name, owners)
        || NameWords.Of(match.Entities.Name).Any(word => owners.Contains(word) || owners.Contains(word.TrimEnd('s')));

    private static string Names(IEnumerable<TableProfile> tables) => string.Join(", ", tables.Select(table => table.Path));
}
