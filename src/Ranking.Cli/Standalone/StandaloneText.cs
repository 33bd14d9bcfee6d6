using System.Globalization;
using Ranking.Standalone;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Ranking.Cli;

/// <summary>What <c>standalone</c> shows: a live view on a terminal, lines elsewhere.</summary>
internal static class StandaloneText
{
    /// <summary>The first scored request in one line.</summary>
    public static string Describe(FirstScore first) =>
        $"after {Seconds(first.After)}: version {first.Version}, best of {first.Items} items {first.Best} ("
        + string.Join(", ", first.Scores.Select(task => $"{task.Key} {Number(task.Value)}")) + $"), flags {first.Flags}";

    /// <summary>The AUC of each task beside the best possible, in one line.</summary>
    public static string Describe(ProbeResult probe) => $"{probe.Version}: " + string.Join(", ", probe.Tasks.Select(task => string.Create(
        CultureInfo.InvariantCulture, $"{task.Name} AUC {task.Auc:F4} of at best {task.Best:F4} ({task.Share:P0} of what can be known)")));

    /// <summary>Everything in one line.</summary>
    public static string Line(StandaloneSnapshot seen)
    {
        var rates = seen.Probe is null ? "" : " | " + string.Join(' ', seen.Probe.Tasks.Select(task => string.Create(
            CultureInfo.InvariantCulture, $"{task.Name} {task.Auc:F4}/{task.Best:F4} {task.Share:P0}")));
        return $"{Seconds(seen.Elapsed)} {seen.Phase} | learned {seen.Learned}{rates}"
            + (seen.Freshness is { } age ? $" | {seen.Version} data {Seconds(age)} old" : "")
            + (seen.Live is { } live ? $" | {live.Requests} requests, {live.Unanswered} unanswered, p50 {Milliseconds(live.LatencyP50)}, p99 {Milliseconds(live.LatencyP99)}" : "");
    }

    /// <summary>The live view.</summary>
    public static IRenderable View(StandaloneSnapshot seen)
    {
        var tasks = new Table().Border(TableBorder.Rounded).AddColumns("task", "AUC", "best possible", "share reached");
        foreach (var task in seen.Probe?.Tasks ?? [])
        {
            tasks.AddRow(task.Name, Number(task.Auc), Number(task.Best), string.Create(CultureInfo.InvariantCulture, $"{task.Share:P1}"));
        }

        var facts = new Grid().AddColumn().AddColumn();
        foreach (var (name, value) in Facts(seen))
        {
            facts.AddRow(new Markup($"[grey]{Markup.Escape(name)}[/]"), new Text(value));
        }

        return new Rows(new Rule($"ranking standalone, {Seconds(seen.Elapsed)}, {Markup.Escape(seen.Phase)}").LeftJustified(), tasks, facts);
    }

    /// <summary>The summary at the end.</summary>
    public static IEnumerable<string> Summary(StandaloneSnapshot seen)
    {
        yield return $"stopped after {Seconds(seen.Elapsed)}";
        if (seen.Probe is { } probe)
        {
            yield return Describe(probe);
        }

        foreach (var (name, value) in Facts(seen))
        {
            yield return $"{name}: {value}";
        }
    }

    private static IEnumerable<(string Name, string Value)> Facts(StandaloneSnapshot seen)
    {
        if (seen.FirstScore is { } first)
        {
            yield return ("first score", Describe(first));
        }

        yield return ("examples learned", $"{seen.Learned}");
        yield return ("records", $"{seen.Records.Joined} joined, {seen.Records.Duplicate} duplicate, {seen.Records.Orphan} orphan, {seen.Records.DeadLetter} dead letters");
        if (seen.Freshness is { } age)
        {
            yield return ("served version", $"{seen.Version}, its newest data {Seconds(age)} old");
        }

        if (seen.Refusal is not null)
        {
            yield return ("last refused", seen.Refusal);
        }

        if (seen.Live is { } live)
        {
            yield return ("requests", $"{live.Requests} answered, {live.Unanswered} unanswered, {live.Impressions} impressions; versions so far: {live.Versions}");
            yield return ("latency", $"p50 {Milliseconds(live.LatencyP50)}, p99 {Milliseconds(live.LatencyP99)}");
            yield return ("log", $"{live.Published} records written, {live.Waits} waits for the trainer");
        }
    }

    private static string Number(double value) => value.ToString("F4", CultureInfo.InvariantCulture);

    /// <summary>A duration with its unit.</summary>
    public static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F1} s");

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:F1} ms");
}
