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

    /// <summary>How much of the log that is being read has been read, 0 to 1; null where it has no end.</summary>
    public double? Read { get; init; }

    /// <summary>What came in from the log, and what it came to.</summary>
    public required JoinCounts Counts { get; init; }

    /// <summary>The progressive metrics of each output over the newest examples.</summary>
    public required ImmutableArray<OutputMetrics> Outputs { get; init; }

    /// <summary>The last version that was offered to the gate.</summary>
    public PublishedVersion? Latest { get; init; }

    /// <summary>Deltas published over versions.</summary>
    public long Deltas { get; init; }
}

/// <summary>How far a part of a training run is that has an end.</summary>
/// <param name="Name">What is being done.</param>
/// <param name="Done">How much of it is done, 0 to 1.</param>
/// <param name="Examples">How many examples it has gone through; 0 where it does not count them.</param>
public sealed record TrainingStage(string Name, double Done, long Examples);

/// <summary>Predict-then-train metrics of one output over the newest examples.</summary>
/// <param name="Name">The output.</param>
/// <param name="Task">The task that it belongs to.</param>
/// <param name="Count">How many examples.</param>
/// <param name="Auc">The AUC; NaN while there is one class only.</param>
/// <param name="LogLoss">The log loss, in nats.</param>
/// <param name="BaseRateLogLoss">That of always predicting their share of positives, in nats.</param>
/// <param name="CalibrationRatio">Mean predicted over mean observed; infinite while no label is positive.</param>
public sealed record OutputMetrics(string Name, string Task, int Count, double Auc, double LogLoss, double BaseRateLogLoss, double CalibrationRatio);
