using Ranking.Core;

namespace Ranking.Configuration;

/// <summary>Makes the tasks.</summary>
internal sealed class TaskBuilder(JobDocument document, FaultList faults)
{
    /// <summary>The tasks; null where there are faults.</summary>
    public TaskSet? Build()
    {
        var tasks = (document.Tasks ?? []).ToList();
        if (document.Tasks?.Count is 0 or > 32)
        {
            faults.Add("tasks", $"{document.Tasks.Count} tasks", "declare 1 to 32");
        }

        for (var i = 0; i < tasks.Count; i++)
        {
            Check(tasks[i].Key, tasks[i].Value, [.. tasks.Take(i).Select(task => task.Key)]);
        }

        return faults.HasAt("tasks") || document.Tasks is null ? null : new TaskSet(tasks.Select(task => new RankingTask
        {
            Name = task.Key,
            Kind = task.Value.Kind,
            Outcome = task.Value.Outcome,
            Given = task.Value.Given,
            Joint = JointOf(task.Key, task.Value),
            LossWeight = task.Value.LossWeight,
            Window = task.Value.Window,
            Lateness = task.Value.Lateness,
        }));
    }

    /// <summary>The name of the task's joint output; null for a task without a parent.</summary>
    public static string? JointOf(string name, TaskEntry task) => task.Given is null ? null : task.Joint ?? $"{name}_joint";

    private void Check(string name, TaskEntry task, IReadOnlyList<string> before)
    {
        var path = $"tasks.{name}";
        if (task.Outcome is not null && document.Sources?.Log?.Outcomes is { } outcomes && !outcomes.ContainsKey(task.Outcome))
        {
            faults.Add($"{path}.outcome", $"'{task.Outcome}', which sources.log.outcomes lacks", Spelling.OneOf(task.Outcome, outcomes.Keys));
        }

        if (task.Given is not null && !before.Contains(task.Given))
        {
            faults.Add($"{path}.given", $"'{task.Given}', which is no task before it", Spelling.OneOf(task.Given, before));
        }

        if (task.Given is null && task.Joint is not null)
        {
            faults.Add($"{path}.joint", $"'{task.Joint}'", "name the parent in given, or leave it out");
        }

        if (task.Window <= TimeSpan.Zero && !faults.HasAt($"{path}.window"))
        {
            faults.Add($"{path}.window", $"'{task.Window.TotalMilliseconds}ms'", "give a duration above 0");
        }

        if (JointOf(name, task) is { } joint && (document.Tasks.ContainsKey(joint) || before.Any(other => JointOf(other, document.Tasks[other]) == joint)))
        {
            faults.Add($"{path}.joint", $"'{joint}', which is another output already", "take another name");
        }
    }
}
