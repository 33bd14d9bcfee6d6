using Ranking.Core;

namespace Ranking.Files;

/// <summary>Looks for the files and columns that the declarations name.</summary>
internal sealed class ColumnCheck(SourceSpec source, FeatureSchema schema)
{
    public List<SourceFault> Faults { get; } = [];

    public void Run()
    {
        var log = source.Log;
        var outcomes = log.Outcomes.SelectMany(outcome => new[] { ($"sources.log.outcomes.{outcome.Name}.when", outcome.When), ($"sources.log.outcomes.{outcome.Name}.after", outcome.After) })
            .SelectMany(formula => Expression.Parse(formula.Item2).Variables.Select(variable => (formula.Item1, (string?)variable)));
        Check("sources.log.path", log.Path, SourceTable.Log,
        [
            ("sources.log.user", log.UserColumn), ("sources.log.item", log.ItemColumn),
            ("sources.log.time.column", log.Time.Column), ("sources.log.split.column", log.Split?.Column), ("sources.log.position", log.PositionColumn), .. outcomes,
        ]);
        if (source.Users is { } users)
        {
            Check("sources.users.path", users.Path, SourceTable.Users, [("sources.users.id", users.IdColumn)]);
        }

        if (source.Items is { } items)
        {
            Check("sources.items.path", items.Path, SourceTable.Items, [("sources.items.id", items.IdColumn)]);
        }
    }

    private void Check(string pathKey, string path, SourceTable which, IEnumerable<(string Key, string? Column)> named)
    {
        try
        {
            using var table = TableReader.Open(path);
            var features = source.Columns.Where(column => column.Table == which)
                .Select(column => ($"features.{schema.Features[schema.SlotOf(column.FeatureId)].Name}", (string?)column.Column));
            foreach (var (key, column) in named.Concat(features))
            {
                if (column is not null && table.IndexOf(column) < 0)
                {
                    Faults.Add(new SourceFault(key, $"the column '{column}', which {path} lacks", $"name one of {string.Join(", ", table.Columns)}"));
                }
            }
        }
        catch (TableException unreadable)
        {
            Faults.Add(new SourceFault(pathKey, unreadable.Message, "give a file that is there, of a known format"));
        }
    }
}
