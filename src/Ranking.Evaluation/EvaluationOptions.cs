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

    /// <summary>Splits that baselines are trained on. Disjoint from <see cref="Test"/>; needed where there are baselines.</summary>
    public ImmutableArray<string> Train { get; init; } = [];

    /// <summary>The baselines to train, each once.</summary>
    public ImmutableArray<BaselineKind> Baselines { get; init; } = [];

    /// <summary>Categorical features, or <c>split</c>, by whose values the metrics are cut.</summary>
    public ImmutableArray<string> SliceBy { get; init; } = [];

    /// <summary>How many values of each slice are shown, the most frequent first. 1 to 1000; default 10.</summary>
    public int SliceValues { get; init; } = 10;

    /// <summary>How many times users are drawn for the interval of grouped AUC. 100 to 100,000; default 1000.</summary>
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

/// <summary>How far a run is.</summary>
/// <param name="Stage">What is being done: <c>score</c>, <c>judge</c>, or <c>train NAME</c>.</param>
/// <param name="Done">How many steps of the stage are done.</param>
/// <param name="Total">How many the stage has.</param>
public readonly record struct EvaluationProgress(string Stage, long Done, long Total);

/// <summary>The data or the options cannot be evaluated; the message says what to change.</summary>
public sealed class EvaluationException(string message) : Exception(message);
