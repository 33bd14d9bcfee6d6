using Ranking.Core;

namespace Ranking.Files;

/// <summary>Reads all rows as training would, and looks for what training would stumble over.</summary>
internal sealed class RowCheck(SourceSpec source, FeatureSchema schema, List<SourceFault> faults)
{
    private const int Told = 3;

    private readonly Dictionary<string, long> splits = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> outcomes = new(StringComparer.Ordinal);
    private readonly List<string> entityFaults = [];
    private readonly List<string> rowFaults = [];
    private long faultyRows;
    private long rows;

    public void Run(IProgress<double>? progress)
    {
        using var table = TableReader.Open(source.Log.Path);
        var reader = new RowEvents(table, source, schema, entityFaults.Add);
        var events = new List<LogEvent>();
        while (table.Read())
        {
            if (table.Row % 4096 == 0)
            {
                progress?.Report(table.Progress);
            }

            events.Clear();
            Count(reader.Read(events), table, events);
        }

        rows = table.Row + 1;
        progress?.Report(1);
        Judge();
    }

    private void Count(string? fault, TableReader table, List<LogEvent> events)
    {
        if (fault is not null)
        {
            faultyRows++;
            if (rowFaults.Count < Told)
            {
                rowFaults.Add($"{table.Path}:{table.Line}: {fault}");
            }
        }

        foreach (var record in events)
        {
            var (counts, name) = record is OutcomeEvent outcome ? (outcomes, outcome.Name) : (splits, ((ImpressionEvent)record).Split);
            counts[name] = counts.GetValueOrDefault(name) + 1;
        }
    }

    private void Judge()
    {
        if (rows == 0)
        {
            faults.Add(new SourceFault("sources.log.path", "a table without rows", "give one with labelled rows"));
            return;
        }

        foreach (var fault in entityFaults.Take(Told))
        {
            faults.Add(new SourceFault("sources", $"{entityFaults.Count} faulty rows of users or items, among them {fault}", "mend the rows"));
        }

        foreach (var fault in rowFaults)
        {
            faults.Add(new SourceFault("sources.log", $"{faultyRows} faulty rows of {rows}, among them {fault}", "mend the rows"));
        }

        var usable = rows - faultyRows;
        foreach (var outcome in source.Log.Outcomes.Where(outcome => usable > 0 && outcomes.GetValueOrDefault(outcome.Name) is var count && (count == 0 || count == usable)))
        {
            faults.Add(new SourceFault($"sources.log.outcomes.{outcome.Name}.when", $"'{outcome.When}', which holds for {outcomes.GetValueOrDefault(outcome.Name)} of {usable} rows",
                "give a label that is true for some rows and false for others"));
        }

        JudgeSplit();
    }

    private void JudgeSplit()
    {
        if (source.Log.Split is not { } split)
        {
            return;
        }

        foreach (var (value, count) in splits.Where(pair => !split.Knows(pair.Key)))
        {
            faults.Add(new SourceFault("sources.log.split", $"the value '{value}' in {count} rows, which has no use", "add it to train, validate or test"));
        }

        foreach (var value in split.Train.Concat(split.Validate).Concat(split.Test).Where(value => !splits.ContainsKey(value)))
        {
            faults.Add(new SourceFault("sources.log.split", $"'{value}', which no row has", $"give one of {string.Join(", ", splits.Keys)}"));
        }
    }
}
