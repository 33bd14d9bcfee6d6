using System.Collections.Immutable;

namespace Ranking.Evaluation;

/// <summary>One evaluation, as appsettings.json, the environment (<c>Ranking__Evaluation__…</c>) or a command line declares it.</summary>
public sealed record EvaluationSettings
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Ranking:Evaluation";

    /// <summary>A comparison succeeds unless the judged version is worse.</summary>
    public const string NotWorse = "not_worse";

    /// <summary>A comparison succeeds where the judged version is better.</summary>
    public const string Better = "better";

    private static readonly ImmutableSortedDictionary<string, BaselineKind> Kinds = ImmutableSortedDictionary.CreateRange(
    [
        KeyValuePair.Create("ffm", BaselineKind.FactorizationMachine),
        KeyValuePair.Create("logistic", BaselineKind.LogisticRegression),
        KeyValuePair.Create("trees", BaselineKind.BoostedTrees),
    ]);

    /// <summary>The job file. Default <c>ranking.yaml</c>.</summary>
    public string Job { get; init; } = "ranking.yaml";

    /// <summary>The folder of a log at rest; the job's table, or the topics, where null.</summary>
    public string? Log { get; init; }

    /// <summary>Whether the topics are read.</summary>
    public bool Topics { get; init; }

    /// <summary>The version; the served one where null.</summary>
    public string? Version { get; init; }

    /// <summary>The judged splits; where empty the table's test splits, or all impressions where it has none.</summary>
    public IReadOnlyList<string> Split { get; init; } = [];

    /// <summary>For a log without splits: impressions from this time on are the split <c>test</c>, those before <c>train</c>.</summary>
    public DateTimeOffset? TestFrom { get; init; }

    /// <summary>Whether statistics and sequences stop with the train splits, as the weights do.</summary>
    public bool FreezeHistory { get; init; }

    /// <summary>Baselines trained on the train split: <c>trees</c>, <c>ffm</c>, <c>logistic</c>.</summary>
    public IReadOnlyList<string> Baselines { get; init; } = [];

    /// <summary>
    /// What a trainer predicted at each impression's own place (its <c>predictions</c>), to be judged instead of the version;
    /// null judges the version.
    /// </summary>
    public string? Progressive { get; init; }

    /// <summary>Another version of the model to compare with, in pairs; none where null.</summary>
    public string? Compare { get; init; }

    /// <summary>How far the two versions' AUCs must lie apart to be called different. Default 0: any difference that is certain.</summary>
    public double MinimumDifference { get; init; }

    /// <summary>What the comparison must come to for success: <c>not_worse</c> (the default) or <c>better</c>.</summary>
    public string Require { get; init; } = NotWorse;

    /// <summary>On how many impressions at most feature importance is measured; 0 leaves it out.</summary>
    public int Importance { get; init; }

    /// <summary>
    /// Features whose importance is measured together, each as <c>NAME=feature1,feature2,prefix*</c>; those in none are
    /// grouped by name, and statistics by key and kind.
    /// </summary>
    public IReadOnlyList<string> ImportanceGroups { get; init; } = [];

    /// <summary>
    /// By whose values the metrics are cut: categorical features, <c>split</c>, <c>day_hour</c>, <c>day</c>, <c>position</c>,
    /// <c>hour</c>, <c>user_history</c>, <c>item_history</c>. Where empty the last five.
    /// </summary>
    public IReadOnlyList<string> SliceBy { get; init; } = [];

    /// <summary>A table of true probabilities (<c>request_id</c>, <c>item_id</c>, a column for each task), as <c>ranking simulate</c> writes it.</summary>
    public string? Truth { get; init; }

    /// <summary>Where to write an HTML page; none where null.</summary>
    public string? Html { get; init; }

    /// <summary>Where to write the report as JSON; nowhere where null.</summary>
    public string? Json { get; init; }

    /// <summary>Where to write the report as CSV; nowhere where null.</summary>
    public string? Csv { get; init; }

    /// <summary>Every fault, as sentences that name the option, the value and the fix.</summary>
    public IEnumerable<string> Validate()
    {
        if (Log is not null && Topics)
        {
            yield return $"log is '{Log}' and topics are asked for: give one of them.";
        }

        foreach (var name in Baselines.Where(name => !Kinds.ContainsKey(name)))
        {
            yield return $"baselines has '{name}': give {string.Join(", ", Kinds.Keys)}.";
        }

        foreach (var text in ImportanceGroups.Where(text => GroupOf(text) is { Name: "" } or { Features: [] }))
        {
            yield return $"importance_group is '{text}': write it as NAME=feature1,feature2,prefix*.";
        }

        foreach (var (option, path) in new[] { ("html", Html), ("json", Json), ("csv", Csv) })
        {
            if (path is not null && Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            {
                yield return $"{option} is '{path}': create the folder {folder}, or name another.";
            }
        }

        if (Require is not (NotWorse or Better))
        {
            yield return $"require is '{Require}': give {NotWorse} or {Better}.";
        }

        if (Compare is null && (Require == Better || MinimumDifference != 0))
        {
            yield return "compare is not given, but what a comparison must come to: name the version to compare with.";
        }

        if (Progressive is not null && !File.Exists(Progressive))
        {
            yield return $"progressive is '{Progressive}': there is no such file; 'ranking train --predictions' writes one.";
        }

        if (Progressive is not null && Importance > 0)
        {
            yield return $"importance is {Importance}, and predictions cannot be made anew without a feature: leave one of it and progressive out.";
        }

        if (Truth is not null && !File.Exists(Truth))
        {
            yield return $"truth is '{Truth}': there is no such file; 'ranking simulate' writes one.";
        }
    }

    /// <summary>Whether the comparison, where there is one, comes to what is required.</summary>
    public bool IsMet(EvaluationReport report) =>
        report.Comparison is null || report.Comparison.Verdict == Verdict.Better || (Require == NotWorse && report.Comparison.Verdict != Verdict.Worse);

    internal ImmutableArray<ImportanceGroup> DeclaredGroups() => [.. ImportanceGroups.Select(GroupOf)];

    internal ImmutableArray<BaselineKind> BaselineKinds() => [.. Baselines.Where(Kinds.ContainsKey).Select(name => Kinds[name])];

    private static ImportanceGroup GroupOf(string text)
    {
        var (name, members) = text.Split('=', 2) is [var before, var after] ? (before, after) : ("", text);
        return new ImportanceGroup(name.Trim(), [.. members.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)]);
    }
}
