using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Files;

/// <summary>Reads the current row of a log table as the events that it stands for.</summary>
internal sealed class RowEvents
{
    private readonly TableReader table;
    private readonly LogTableSpec spec;
    private readonly RowTime time;
    private readonly RowFeatures features;
    private readonly ImmutableArray<(OutcomeSpec Spec, RowFormula When, RowFormula After, RowFormula? Value)> outcomes;
    private readonly (int User, int Item, int Split, int Position) columns;

    /// <exception cref="TableException">The table lacks a column.</exception>
    public RowEvents(TableReader table, SourceSpec source, FeatureSchema schema, Action<string> fault)
    {
        this.table = table;
        spec = source.Log;
        columns = (IndexOf(spec.UserColumn), IndexOf(spec.ItemColumn), IndexOf(spec.Split?.Column), IndexOf(spec.PositionColumn));
        time = new RowTime(table, spec.Time);
        outcomes = [.. spec.Outcomes.Select(outcome => (outcome, new RowFormula(table, outcome.When), new RowFormula(table, outcome.After), outcome.Value is null ? null : new RowFormula(table, outcome.Value)))];
        features = new RowFeatures(table, source, schema, fault);
    }

    /// <summary>The row's user; empty where the row cannot be read.</summary>
    public string UserId => table.Fault is null ? IdIn(columns.User) : "";

    /// <summary>Adds the row's events and gives null; or gives what is wrong with the row, and adds none.</summary>
    public string? Read(List<LogEvent> events)
    {
        if (table.Fault is { } broken)
        {
            return broken;
        }

        var (user, item) = (UserId, IdIn(columns.Item));
        if (user.Length == 0 || item.Length == 0)
        {
            return $"nothing in the id column '{(user.Length == 0 ? spec.UserColumn : spec.ItemColumn)}'; give every row its user and item";
        }

        var fault = time.Read(out var at);
        var position = Position(ref fault);
        var request = $"{spec.RequestPrefix}:{table.Row}";
        var records = fault is null ? features.Read(user, item, ref fault) : default;
        events.Add(new ImpressionEvent(at, user) { RequestId = request, ItemId = item, Position = position, Features = records, Split = columns.Split < 0 ? "" : table[columns.Split].ToString() });
        foreach (var (outcome, when, after, value) in outcomes)
        {
            var (happened, delay) = (when.Evaluate(), after.Evaluate());
            if (double.IsNaN(happened))
            {
                fault ??= $"no value of '{outcome.When}' for the outcome '{outcome.Name}'; fill its columns";
            }
            else if (happened != 0 && !(delay >= 0 && delay < RowTime.Latest))
            {
                fault ??= $"{delay} as '{outcome.After}' for the outcome '{outcome.Name}'; a delay is 0 or more milliseconds";
            }
            else if (happened != 0)
            {
                events.Add(new OutcomeEvent(at + (long)Math.Round(delay), user) { RequestId = request, ItemId = item, Name = outcome.Name, Value = value?.Evaluate() ?? double.NaN });
            }
        }

        if (fault is not null)
        {
            events.Clear();
        }

        return fault;
    }

    private int? Position(ref string? fault)
    {
        if (columns.Position < 0 || table[columns.Position].IsMissing)
        {
            return null;
        }

        if (table[columns.Position].TryGetInteger(out var position) && position is >= 0 and < int.MaxValue)
        {
            return (int)position;
        }

        fault ??= $"'{table[columns.Position]}' in the position column '{spec.PositionColumn}'; give an integer from 0, or leave it empty";
        return null;
    }

    private int IndexOf(string? column) => column is null ? -1 : TableColumns.Index(table, column);

    private string IdIn(int column) => column < 0 ? table.Row.ToString() : table[column].ToString();
}
