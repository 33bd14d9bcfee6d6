using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Configuration;

/// <summary>Makes the declarations of the data in files.</summary>
internal sealed class SourceBuilder(JobDocument document, IReadOnlyList<DeclaredFeature> features, string folder, FaultList faults)
{
    /// <summary>The sources; null where there are none or faults.</summary>
    public SourceSpec? Build()
    {
        if (document.Sources is not { } sources || sources.Log is null)
        {
            return null;
        }

        CheckTime(sources.Log.Time);
        CheckOutcomes(sources.Log.Outcomes ?? []);
        CheckSplit(sources.Log.Split);
        return faults.HasAt("sources") ? null : new SourceSpec
        {
            Log = MakeLog(sources.Log),
            Users = MakeEntity(sources.Users),
            Items = MakeEntity(sources.Items),
            Columns = [.. features.Where(one => one.Feature.Derived is null).Select(one => MakeColumn(one, sources))],
        };
    }

    private LogTableSpec MakeLog(LogSection log) => new()
    {
        Path = Path.GetFullPath(log.Path, folder),
        RequestPrefix = document.Name,
        UserColumn = log.User,
        ItemColumn = log.Item,
        PositionColumn = log.Position,
        Time = new RowTimeSpec { Column = log.Time.Column, Unit = log.Time.Unit, Start = log.Time.Start ?? default, Step = log.Time.Step ?? default },
        Split = log.Split is null ? null : new SplitSpec
        {
            Column = log.Split.Column,
            Train = [.. log.Split.Train],
            Validate = [.. log.Split.Validate],
            Test = [.. log.Split.Test],
        },
        Partitions = document.Topics.Partitions,
        Outcomes = [.. log.Outcomes.Select(outcome => new OutcomeSpec(outcome.Key, outcome.Value.When, outcome.Value.After, outcome.Value.Value))],
    };

    private EntityTableSpec? MakeEntity(EntityEntry? entry) =>
        entry is null ? null : new EntityTableSpec(Path.GetFullPath(entry.Path, folder), entry.Id);

    private FeatureColumn MakeColumn(DeclaredFeature one, SourcesSection sources)
    {
        var table = one.Entry.From ?? one.Feature.Scope switch
        {
            FeatureScope.User when sources.Users is not null => SourceTable.Users,
            FeatureScope.Item when sources.Items is not null => SourceTable.Items,
            _ => SourceTable.Log,
        };
        var column = one.Entry.Column ?? one.Feature.Name;
        var read = sources.Log.Outcomes.Values.SelectMany(outcome => new[] { outcome.When, outcome.After, outcome.Value }).OfType<string>();
        if (table == SourceTable.Log && read.Any(formula => Expression.Parse(formula).Variables.Contains(column)))
        {
            faults.Add($"{one.Path}.names", $"'{column}', which an outcome reads: it is known only after the impression", "take it out of the features");
        }

        if ((table == SourceTable.Users && (sources.Users is null || one.Feature.Scope != FeatureScope.User))
            || (table == SourceTable.Items && (sources.Items is null || one.Feature.Scope != FeatureScope.Item)))
        {
            faults.Add($"{one.Path}.from", $"'{Spelling.Snake(table.ToString())}' for a feature of scope {Spelling.Snake(one.Feature.Scope.ToString())}",
                "declare that table under sources and read it with the entity's own scope, or say from: log");
        }

        return new FeatureColumn(one.Feature.Id, table, column, one.Entry.Separator);
    }

    private void CheckTime(TimeEntry? time)
    {
        if (time is null)
        {
            return;
        }

        if (time.Column is null && (time.Start is null || time.Step is null))
        {
            faults.Add("sources.log.time", "no time", "give column and unit, or start and step");
        }
        else if (time.Column is not null && (time.Start ?? (object?)time.Step) is not null)
        {
            faults.Add("sources.log.time", "a column beside start or step", "give column and unit, or start and step");
        }
    }

    private void CheckOutcomes(OrderedDictionary<string, OutcomeEntry> outcomes)
    {
        foreach (var (name, outcome) in outcomes)
        {
            Check($"sources.log.outcomes.{name}.when", outcome.When);
            Check($"sources.log.outcomes.{name}.after", outcome.After);
            Check($"sources.log.outcomes.{name}.value", outcome.Value);
        }

        void Check(string path, string? text)
        {
            foreach (var fault in (text is null ? null : Formulas.Parse(text, path, faults))?.Check(_ => OperandType.Any) ?? ImmutableArray<string>.Empty)
            {
                faults.Add(path, fault, "mend the formula");
            }
        }
    }

    private void CheckSplit(SplitEntry? split)
    {
        string[] values = split is null ? [] : [.. split.Train ?? [], .. split.Validate, .. split.Test];
        foreach (var twice in values.GroupBy(value => value).Where(group => group.Count() > 1))
        {
            faults.Add("sources.log.split", $"'{twice.Key}' in two places", "give each value one use");
        }
    }
}
