using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Events;

/// <summary>When labels may still change: the declared windows in milliseconds.</summary>
internal sealed class TaskWindows
{
    private readonly ImmutableArray<string> outcomes;
    private readonly (int Outcome, long Window, long Close)[] tasks;
    private readonly long longestWindow;
    private readonly int taskOutcomes;

    /// <param name="set">The tasks.</param>
    /// <param name="others">Outcomes that are joined to their impression though no task refers to them.</param>
    public TaskWindows(TaskSet set, IEnumerable<string> others)
    {
        outcomes = [.. set.Tasks.Select(task => task.Outcome).Concat(others).Distinct()];
        tasks = [.. set.Tasks.Select(task => (outcomes.IndexOf(task.Outcome), Milliseconds(task.Window), Milliseconds(task.Window) + Milliseconds(task.Lateness)))];
        longestWindow = tasks.Max(task => task.Window);
        Longest = tasks.Max(task => task.Close);
        All = uint.MaxValue >> (32 - tasks.Length);
        taskOutcomes = tasks.Max(task => task.Outcome) + 1;
        Text = string.Join("; ", set.Tasks.Select(task => $"{task.Name} by {task.Outcome} within {task.Window} late {task.Lateness}"))
            + string.Concat(outcomes.Skip(taskOutcomes).Select(name => $"; and {name}"));
    }

    /// <summary>The bits of all tasks.</summary>
    public uint All { get; }

    /// <summary>The largest window + lateness: no impression accepts anything after it.</summary>
    public long Longest { get; }

    /// <summary>
    /// How long after an impression its key is remembered, so that late outcomes and repeats are told as such. From
    /// then on an outcome inside any window is later than <see cref="Longest"/> after its own time, which says the same.
    /// </summary>
    public long Remembered => longestWindow + Longest;

    /// <summary>The declaration as text: pending state is only valid under the one that it was made under.</summary>
    public string Text { get; }

    /// <summary>The outcome's index among the names that are joined, or −1.</summary>
    public int OutcomeOf(string name) => outcomes.IndexOf(name);

    /// <summary>The name of an outcome.</summary>
    public string NameOf(int outcome) => outcomes[outcome];

    /// <summary>The bits of the tasks among these whose windows have closed at an order time.</summary>
    public uint ClosedAt(long time, long impression, uint among)
    {
        var closed = 0u;
        for (var t = 0; t < tasks.Length; t++)
        {
            closed |= impression + tasks[t].Close <= time ? 1u << t : 0;
        }

        return closed & among;
    }

    /// <summary>When the first of these tasks' windows closes.</summary>
    public long NextClose(long impression, uint among)
    {
        var next = long.MaxValue;
        for (var t = 0; t < tasks.Length; t++)
        {
            next = (among >> t & 1) == 1 ? Math.Min(next, impression + tasks[t].Close) : next;
        }

        return next;
    }

    /// <summary>The bits of the tasks that an outcome makes positive; and why it is not joined, or none where it is.</summary>
    public uint Match(in PendingOutcome outcome, long impression, out OrphanReason reason)
    {
        var positive = 0u;
        reason = OrphanReason.OutsideWindow;
        if (outcome.Name >= taskOutcomes && outcome.Time >= impression && outcome.Time <= impression + longestWindow)
        {
            reason = outcome.OrderTime <= impression + Longest ? OrphanReason.None : OrphanReason.AfterClose;
        }

        for (var t = 0; t < tasks.Length; t++)
        {
            if (tasks[t].Outcome != outcome.Name || outcome.Time < impression || outcome.Time > impression + tasks[t].Window)
            {
                continue;
            }

            reason = OrphanReason.AfterClose;
            positive |= outcome.OrderTime <= impression + tasks[t].Close ? 1u << t : 0;
        }

        reason = positive != 0 ? OrphanReason.None : reason;
        return positive;
    }

    private static long Milliseconds(TimeSpan span) => (long)span.TotalMilliseconds;
}
