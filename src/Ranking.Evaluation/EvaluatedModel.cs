using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Evaluation;

/// <summary>Gives a model's outputs for impressions.</summary>
public interface IExampleScorer
{
    /// <summary>Scores one impression with the features that it carries.</summary>
    /// <param name="example">The impression.</param>
    /// <param name="outputs">[outputs] the model's outputs, in the order of <see cref="EvaluatedModel.Outputs"/>.</param>
    /// <returns>False where the impression has no score; it is not judged then, and counted.</returns>
    bool TryScore(Example example, Span<float> outputs);
}

/// <summary>Gives a model's outputs for impressions with any features, many at a time. For one thread.</summary>
public interface IBatchScorer
{
    /// <summary>Scores impressions with the features that they carry.</summary>
    /// <param name="examples">The impressions.</param>
    /// <param name="outputs">[impressions, outputs] the model's outputs, in the order of <see cref="EvaluatedModel.Outputs"/>; may be longer.</param>
    void Score(ReadOnlySpan<Example> examples, Span<float> outputs);
}

/// <summary>The model that a run judges.</summary>
public sealed record EvaluatedModel
{
    /// <summary>The artifact's version; null for a model that has none yet.</summary>
    public string? Version { get; init; }

    /// <summary>Whether each impression was predicted with the weights of its own moment, and so by no one version.</summary>
    public bool IsProgressive { get; init; }

    /// <summary>What it is.</summary>
    public required ModelSpec Spec { get; init; }

    /// <summary>The scalar outputs, in the order in which the scorer gives them.</summary>
    public required ImmutableArray<GraphOutput> Outputs { get; init; }

    /// <summary>What its numeric transforms were fitted to; the baselines read the same encoded features.</summary>
    public required ImmutableArray<NumericTransform> Transforms { get; init; }

    /// <summary>What scores impressions.</summary>
    public required IExampleScorer Scorer { get; init; }

    /// <summary>Makes a scorer of impressions with other features, for a thread; null where the predictions are what they are.</summary>
    public Func<IBatchScorer>? Rescorer { get; init; }
}

/// <summary>
/// The true probabilities of an impression, where they are known: on a simulator. [tasks] each task's, given its
/// condition, for every impression, whether the condition was met or not.
/// </summary>
public delegate void TrueProbabilities(Example example, Span<float> conditional);
