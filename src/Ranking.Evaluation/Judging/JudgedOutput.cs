using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Evaluation;

/// <summary>
/// A probability that is judged, and the rows on which it can be: an unconditional or joint one on every impression, a
/// conditional one on impressions that met its condition.
/// </summary>
/// <param name="Name">The output's name.</param>
/// <param name="Task">The task that it belongs to.</param>
/// <param name="Index">Its index among the model's outputs.</param>
/// <param name="IsJoint">Whether it is the product with the ancestors' probabilities.</param>
/// <param name="Needed">Tasks whose labels must be observed: the task and its ancestors.</param>
internal sealed record JudgedOutput(string Name, int Task, int Index, bool IsJoint, uint Needed)
{
    public static ImmutableArray<JudgedOutput> Of(ImmutableArray<GraphOutput> outputs, TaskSet tasks) =>
        [.. outputs.Select((output, index) => (output, index))
            .Where(pair => pair.output.Kind is OutputKind.Probability or OutputKind.Joint)
            .Select(pair => new JudgedOutput(
                pair.output.Name, pair.output.Task, pair.index, pair.output.Kind == OutputKind.Joint, Chain(tasks, pair.output.Task)))];

    /// <summary>Whether the impression says anything about this output.</summary>
    public bool Counts(TaskSet tasks, LabelledImpression row) =>
        (row.Observed & Needed) == Needed && (IsJoint || tasks.IsConditionMet(Task, row.Labels));

    public bool IsPositive(TaskSet tasks, LabelledImpression row) => tasks.IsJointlyPositive(Task, row.Labels);

    /// <summary>The rows in words.</summary>
    public string Population(TaskSet tasks) =>
        IsJoint || tasks.ParentOf(Task) < 0
            ? "all impressions"
            : $"impressions with {string.Join(" and ", Ancestors(tasks, Task).Reverse().Select(task => tasks.Tasks[task].Outcome))}";

    /// <summary>The true probability of this output from those of the tasks.</summary>
    public float Truth(TaskSet tasks, ReadOnlySpan<float> conditional)
    {
        var truth = conditional[Task];
        if (IsJoint)
        {
            foreach (var ancestor in Ancestors(tasks, Task))
            {
                truth *= conditional[ancestor];
            }
        }

        return truth;
    }

    private static uint Chain(TaskSet tasks, int task) => Ancestors(tasks, task).Aggregate(1u << task, (mask, ancestor) => mask | (1u << ancestor));

    private static IEnumerable<int> Ancestors(TaskSet tasks, int task)
    {
        for (var ancestor = tasks.ParentOf(task); ancestor >= 0; ancestor = tasks.ParentOf(ancestor))
        {
            yield return ancestor;
        }
    }
}
