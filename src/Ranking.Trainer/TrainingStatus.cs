using System.Collections.Immutable;
using Ranking.Events;

namespace Ranking.Trainer;

/// <summary>How far a training run is.</summary>
public sealed record TrainingStatus
{
    /// <summary>Examples learned from.</summary>
    public required long Learned { get; init; }

    /// <summary>The newest event time learned from, Unix milliseconds.</summary>
    public required long LearnedThrough { get; init; }

    /// <summary>What came in from the log, and what it came to.</summary>
    public required JoinCounts Counts { get; init; }

    /// <summary>The progressive metrics of each output over the newest examples.</summary>
    public required ImmutableArray<OutputMetrics> Outputs { get; init; }

    /// <summary>The last version that was offered to the gate.</summary>
    public PublishedVersion? Latest { get; init; }
}

/// <summary>Predict-then-train metrics of one output over the newest examples.</summary>
/// <param name="Name">The output.</param>
/// <param name="Count">How many examples.</param>
/// <param name="Auc">The AUC; NaN while there is one class only.</param>
/// <param name="LogLoss">The log loss, in nats.</param>
public sealed record OutputMetrics(string Name, int Count, double Auc, double LogLoss);
