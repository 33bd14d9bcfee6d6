using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Events;

namespace Ranking.Evaluation;

/// <summary>How often a task's label is there, and how often it is positive: what shows a wrong label expression, or a window too short.</summary>
/// <param name="Task">The task.</param>
/// <param name="Impressions">All impressions.</param>
/// <param name="Observed">Those whose label the task learns from; of a conditional task, those whose condition is met.</param>
/// <param name="Positive">Those whose label is positive.</param>
public sealed record TaskLabels(string Task, long Impressions, long Observed, long Positive)
{
    /// <summary>Observed among all impressions, 0 to 1; NaN without any.</summary>
    public double ObservedShare => (double)Observed / Impressions;

    /// <summary>Positive among the observed, 0 to 1; NaN without any.</summary>
    public double PositiveShare => (double)Positive / Observed;

    /// <summary>Joins a log and counts the labels of every task.</summary>
    /// <param name="source">Which log.</param>
    /// <param name="warn">Told of records and rows that cannot be used.</param>
    /// <param name="progress">Hears how much has been read, 0 to 1, where that is known.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<ImmutableArray<TaskLabels>> CountAsync(
        ExampleSource source, Action<string> warn, IProgress<double> progress, CancellationToken cancellation)
    {
        var tasks = source.Job.Model.Tasks;
        var (observed, positive) = (new long[tasks.Count], new long[tasks.Count]);
        var counts = await ExampleReader.ReadAsync(source, tasks, Count, warn, progress, cancellation).ConfigureAwait(false);
        return [.. Enumerable.Range(0, tasks.Count).Select(task =>
            new TaskLabels(tasks.Tasks[task].Name, counts.Received(RecordKind.Impression), observed[task], positive[task]))];

        void Count(Example example)
        {
            for (var task = 0; task < tasks.Count; task++)
            {
                if ((example.Observed >> task & 1) == 1 && tasks.IsConditionMet(task, example.Labels))
                {
                    observed[task]++;
                    positive[task] += example.Labels >> task & 1;
                }
            }
        }
    }
}
