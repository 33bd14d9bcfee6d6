using System.Collections.Immutable;

namespace Ranking.Core;

/// <summary>A model's tasks: at most 32, parents before their children.</summary>
public sealed class TaskSet
{
    private readonly int[] parents;

    /// <exception cref="ArgumentException">No task or more than 32, equal names, or a parent that does not stand before its child.</exception>
    public TaskSet(IEnumerable<RankingTask> tasks)
    {
        Tasks = [.. tasks];
        if (Tasks.Length is 0 or > 32)
        {
            throw new ArgumentException($"{Tasks.Length} tasks: declare 1 to 32.", nameof(tasks));
        }

        parents = new int[Tasks.Length];
        for (var i = 0; i < Tasks.Length; i++)
        {
            var task = Tasks[i];
            if (Tasks.Take(i).Any(other => other.Name == task.Name))
            {
                throw new ArgumentException($"two tasks are named '{task.Name}'.", nameof(tasks));
            }

            parents[i] = task.Given is null ? -1 : Tasks.AsSpan(0, i).IndexOfTask(task.Given);
            if (task.Given is not null && parents[i] < 0)
            {
                throw new ArgumentException($"task '{task.Name}' is given '{task.Given}', which is no task before it.", nameof(tasks));
            }
        }
    }

    /// <summary>The tasks, in declared order. A task's index here is its bit in <see cref="Example.Labels"/>.</summary>
    public ImmutableArray<RankingTask> Tasks { get; }

    /// <summary>How many tasks there are.</summary>
    public int Count => Tasks.Length;

    /// <summary>The index of the task's parent, or −1.</summary>
    public int ParentOf(int task) => parents[task];

    /// <summary>Whether every ancestor of the task is positive: the rows over which a conditional task is judged.</summary>
    public bool IsConditionMet(int task, uint labels) =>
        parents[task] < 0 || ((labels >> parents[task] & 1) == 1 && IsConditionMet(parents[task], labels));

    /// <summary>Whether the task and every ancestor is positive: the joint label (CTCVR).</summary>
    public bool IsJointlyPositive(int task, uint labels) => (labels >> task & 1) == 1 && IsConditionMet(task, labels);
}

file static class TaskSpans
{
    public static int IndexOfTask(this ReadOnlySpan<RankingTask> tasks, string name)
    {
        for (var i = 0; i < tasks.Length; i++)
        {
            if (tasks[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }
}
