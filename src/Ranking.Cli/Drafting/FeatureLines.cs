using Ranking.Core;
using Ranking.Files;

namespace Ranking.Cli;

/// <summary>The features of a draft as lines of a job file, and why other columns are none.</summary>
internal sealed class FeatureLines
{
    private readonly HashSet<string> used = new(["event_time", "position"], StringComparer.Ordinal);

    public FeatureLines(SourceDraft draft)
    {
        foreach (var (title, table, source) in new[] { ("users", draft.Users, SourceTable.Users), ("items", draft.Items, SourceTable.Items), ("log", draft.Log, SourceTable.Log) })
        {
            if (table is not null)
            {
                Lines.Add($"# Of the {title}, {Path.GetFileName(table.Path)}:");
                Lines.AddRange(table.Columns.Select(column => LineOf(column, table, source, draft)).OfType<string>());
            }
        }

        if (draft.Time.Column is not null)
        {
            Lines.Add("# Of the time, UTC: for a place's own hours add its difference in milliseconds.");
            Add("hour", "- {names: [hour], derived: hour(event_time)} # of the day, 0 to 23");
            Add("weekday", "- {names: [weekday], derived: weekday(event_time)} # 0 is Sunday");
        }
    }

    /// <summary>The lines.</summary>
    public List<string> Lines { get; } = [];

    /// <summary>The features' names by table and column.</summary>
    public Dictionary<(SourceTable Table, string Column), string> Names { get; } = [];

    private string? LineOf(ColumnDraft column, TableDraft table, SourceTable source, SourceDraft draft)
    {
        if (column.IsFeature)
        {
            // An id that a table of entities has is read there.
            var isElsewhere = source == SourceTable.Log && ((column.Role == ColumnRole.UserId && draft.Users is not null) || (column.Role == ColumnRole.ItemId && draft.Items is not null));
            return isElsewhere ? null : FeatureLine(column, NameOf(column, table, source, draft), source, draft);
        }

        var isAge = column.Role == ColumnRole.Date && draft.Time.Column is not null;
        if (!isAge)
        {
            return column.Role is ColumnRole.Useless or ColumnRole.Never or ColumnRole.Label or ColumnRole.RequestId or ColumnRole.Date ? $"# not {column.Name}: {Reason(column)}" : null;
        }

        var name = NameOf(column, table, source, draft);
        Lines.Add($"- {{names: [{name}]{ColumnOf(column, name)}, scope: {Lower(column.Scope)}, input: false}} # {column.Reason}; read by its age");
        return Unused($"{name}_age") is var age ? $"- {{names: [{age}], kind: numeric, transform: quantile, missing: indicator, derived: (event_time - date({name})) / 86400000}} # days since {column.Name}" : null;
    }

    private static string FeatureLine(ColumnDraft column, string name, SourceTable source, SourceDraft draft)
    {
        var from = source == SourceTable.Log && ((column.Scope == FeatureScope.User && draft.Users is not null) || (column.Scope == FeatureScope.Item && draft.Items is not null)) ? ", from: log" : "";
        var kind = column.Role switch
        {
            ColumnRole.Numeric => $", kind: numeric, transform: {Lower(column.Transform)}{(column.IsOftenMissing ? ", missing: indicator" : "")}",
            ColumnRole.List => $", kind: list, separator: \"{column.Separator}\"",
            ColumnRole.WeightedList => $", kind: weighted_list, separator: \"{column.Separator}\"",
            _ => "",
        };
        return $"- {{names: [{name}]{ColumnOf(column, name)}{from}, scope: {Lower(column.Scope)}{kind}}} # {Reason(column)}";
    }

    private string NameOf(ColumnDraft column, TableDraft table, SourceTable source, SourceDraft draft)
    {
        // The log's name of an id says whose it is, where a table of entities may call it id.
        var own = column.Name == table.Id ? draft.Log.Find(column.Role)?.Name ?? column.Name : column.Name;
        return Names[(source, column.Name)] = Unused(JobDraft.NameOf(own, "column"));
    }

    private string Unused(string name)
    {
        while (!used.Add(name))
        {
            name += "_2";
        }

        return name;
    }

    private void Add(string name, string line)
    {
        if (used.Add(name))
        {
            Lines.Add(line);
        }
    }

    private static string ColumnOf(ColumnDraft column, string name) => name == column.Name ? "" : $", column: {JobDraft.Quote(column.Name)}";

    // A reason quotes values, and a comment ends with its line.
    private static string Reason(ColumnDraft column) => column.Reason.ReplaceLineEndings(" ");

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
