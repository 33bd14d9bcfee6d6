namespace Ranking.Files;

/// <summary>Tells the log from the tables of users and items.</summary>
internal static class TableMatcher
{
    /// <exception cref="TableException">There is no log, more than one, or a table of neither users nor items.</exception>
    public static (TableProfile Log, TableMatch? Users, TableMatch? Items) Match(IReadOnlyList<TableProfile> tables, DraftHints hints)
    {
        var named = tables.Select(entities => (entities, Logs: tables.Where(log => log != entities).Select(log => TableMatch.Find(log, entities)).OfType<TableMatch>().ToList())).ToList();
        var logs = named.Where(each => each.Logs.Count == 0).Select(each => each.entities).ToList();
        if (logs is not [var log])
        {
            throw new TableException(logs.Count == 0
                ? $"{Names(tables)}: no log: each has one row for each of another's ids; add the table with a row an impression."
                : $"{Names(logs)}: {logs.Count} tables that could be the log; give one log, with the others' rows in it and a column split that tells them apart, and tables with one row for each of its users or items.");
        }

        TableMatch? users = null, items = null;
        foreach (var match in tables.Where(table => table != log).Select(table => TableMatch.Find(log, table) ?? throw Unmatched(table, log)))
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
    }

    private static bool IsOf(TableMatch match, string[] owners) => NameWords.IsIdOf(match.Column.Name, owners) || NameWords.IsIdOf(match.Key.Name, owners)
        || NameWords.Of(match.Entities.Name).Any(word => owners.Contains(word) || owners.Contains(word.TrimEnd('s')));

    private static TableException Unmatched(TableProfile table, TableProfile log) =>
        new($"{table.Path}: its ids are those of no column of {log.Path}; leave it out, or join it to the table that it belongs to.");

    private static string Names(IEnumerable<TableProfile> tables) => string.Join(", ", tables.Select(table => table.Path));
}
