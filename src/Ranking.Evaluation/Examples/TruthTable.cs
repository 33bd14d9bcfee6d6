using Ranking.Core;
using Ranking.Files;

namespace Ranking.Evaluation;

/// <summary>True probabilities by impression, from a table: <c>request_id</c>, <c>item_id</c>, and a column for each task.</summary>
internal static class TruthTable
{
    /// <summary>Reads the table.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tasks">The tasks, whose names are columns: each's probability, given its condition.</param>
    /// <param name="source">
    /// What is judged. The requests of a table of labelled rows are its rows: there the table of true probabilities has
    /// the same rows in the same order.
    /// </param>
    /// <exception cref="EvaluationException">The table lacks columns, or a value is no probability.</exception>
    public static TrueProbabilities Load(string path, TaskSet tasks, ExampleSource source)
    {
        using var table = TableReader.Open(path);
        string[] names = ["request_id", "item_id", .. tasks.Tasks.Select(task => task.Name)];
        if (names.Where(name => table.IndexOf(name) < 0).ToList() is { Count: > 0 } missing)
        {
            throw new EvaluationException($"{path}: the columns {string.Join(", ", missing)} are missing; it has {string.Join(", ", table.Columns)}.");
        }

        var columns = names.Select(table.IndexOf).ToArray();
        var prefix = source.IsTable ? source.Job.Sources!.Log.RequestPrefix : null;
        var known = new Dictionary<UInt128, float[]>();
        while (table.Read())
        {
            var request = prefix is null ? table[columns[0]].ToString() : $"{prefix}:{table.Row}";
            known[LogEvent.ImpressionKey(request, table[columns[1]].ToString())] = [.. columns[2..].Select(column => ProbabilityIn(table, column))];
        }

        return (example, conditional) => (known.TryGetValue(example.Impression, out var truth)
            ? truth
            : throw new EvaluationException($"{path}: an impression of {DateTimeOffset.FromUnixTimeMilliseconds(example.EventTime):u} is not in it; give the table of this log.")).CopyTo(conditional);
    }

    private static float ProbabilityIn(TableReader table, int column) => table[column].TryGetNumber(out var value) && value is >= 0 and <= 1
        ? (float)value
        : throw new EvaluationException($"{table.Path}:{table.Line}: '{table[column]}' in the column '{table.Columns[column]}'; give a probability, 0 to 1.");
}
