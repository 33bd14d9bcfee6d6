using System.Collections.Immutable;

namespace Ranking.Evaluation;

/// <summary>A model of Microsoft.ML to stand beside the judged one.</summary>
public enum BaselineKind : byte
{
    /// <summary>Logistic regression on one-hot ids and numbers (L-BFGS).</summary>
    LogisticRegression = 0,

    /// <summary>Gradient-boosted trees (FastTree) on numbers, ids of few values one-hot, and the frequencies of all ids.</summary>
    BoostedTrees = 1,

    /// <summary>Field-aware factorisation machine (Juan et al., RecSys 2016), a field a feature.</summary>
    FactorizationMachine = 2,
}

/// <summary>What to judge, and beside what.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Splits whose impressions are judged; empty judges all.</summary>
    public ImmutableArray<string> Test { get; init; } = [];

    /// <summary>
    /// Splits that baselines are trained on, and whose impressions are the history that new users and cold items lack.
    /// Disjoint from <see cref="Test"/>; needed where there are baselines.
    /// </summary>
    public ImmutableArray<string> Train { get; init; } = [];

    /// <summary>The baselines to train, each once.</summary>
    public ImmutableArray<BaselineKind> Baselines { get; init; } = [];

    /// <summary>
    /// By whose values the metrics are cut: categorical features, <c>split</c>, <c>day_hour</c>, <c>day</c>, <c>position</c>,
    /// <c>hour</c> (UTC), <c>user_history</c> and <c>item_history</c> (impressions in training). Empty: the last five, those
    /// that cut anything.
    /// </summary>
    public ImmutableArray<string> SliceBy { get; init; } = [];

    /// <summary>How many values of each slice are shown, the most frequent first. 1 to 1000; default 10.</summary>
    public int SliceValues { get; init; } = 10;

    /// <summary>How many ranks NDCG counts. 1 to 1000; default 10.</summary>
    public int NdcgAt { get; init; } = 10;

    /// <summary>
    /// How far two versions' AUCs must lie apart, with 95 % certainty, to be called different. From 0, which asks for
    /// any difference; default 0.
    /// </summary>
    public double MinimumDifference { get; init; }

    /// <summary>On how many impressions at most, drawn at random, feature importance is measured; 0 leaves it out. Default 0.</summary>
    public int ImportanceRows { get; init; }

    /// <summary>
    /// Features whose importance is measured together. A feature is in at most one; those in none are grouped by name, and
    /// statistics by key and kind.
    /// </summary>
    public ImmutableArray<ImportanceGroup> ImportanceGroups { get; init; } = [];

    /// <summary>
    /// How many times users are drawn for intervals. 100 to 100,000; default 1000. Fewer, but at least 100, are drawn where
    /// draws times impressions exceed 400 million.
    /// </summary>
    public int Resamples { get; init; } = 1000;

    /// <summary>The seed of intervals, bands and baselines: the same input and seed give the same report.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Every fault of the options, as sentences that name the option, the value and the fix.</summary>
    public IEnumerable<string> Validate()
    {
        if (Resamples is < 100 or > 100_000)
        {
            yield return $"resamples is {Resamples}: give 100 to 100000.";
        }

        if (NdcgAt is < 1 or > 1000)
        {
            yield return $"ndcg_at is {NdcgAt}: give 1 to 1000.";
        }

        if (!(MinimumDifference is >= 0 and < 1))
        {
            yield return $"minimum_difference is {MinimumDifference}: give a difference in AUC from 0 to below 1.";
        }

        if (ImportanceRows < 0)
        {
            yield return $"importance_rows is {ImportanceRows}: give 0 for none, or more.";
        }

        if (ImportanceRows == 0 && !ImportanceGroups.IsEmpty)
        {
            yield return "importance_group is given, but importance is not: say on how many impressions, such as importance 50000.";
        }

        if (SliceValues is < 1 or > 1000)
        {
            yield return $"slice_values is {SliceValues}: give 1 to 1000.";
        }

        if (Baselines.Distinct().Count() < Baselines.Length)
        {
            yield return $"baselines is {string.Join(", ", Baselines)}: name each once.";
        }

        if (Baselines.Length > 0 && (Train.IsEmpty || Test.IsEmpty))
        {
            yield return "baselines need rows of their own to train on: name the train and the test splits.";
        }

        foreach (var split in Train.Intersect(Test))
        {
            yield return $"split '{split}' is both trained on and judged: put it in one of train and test.";
        }
    }
}

/// <summary>Features whose importance is measured together.</summary>
/// <param name="Name">The name in the report.</param>
/// <param name="Features">Names of features of the records, or <c>event_time</c>; <c>*</c> stands for any letters.</param>
public sealed record ImportanceGroup(string Name, ImmutableArray<string> Features);

/// <summary>How far a run is.</summary>
/// <param name="Stage">What is being done: <c>score</c>, <c>train NAME</c>, <c>judge</c>, <c>slice by NAME</c>, or <c>importance</c>.</param>
/// <param name="Done">How many steps of the stage are done.</param>
/// <param name="Total">How many the stage has; 0 where that is not known.</param>
public readonly record struct EvaluationProgress(string Stage, long Done, long Total);

/// <summary>The data or the options cannot be evaluated; the message says what to change.</summary>
public sealed class EvaluationException(string message) : Exception(message);
