using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ranking.Metrics;

namespace Ranking.Evaluation;

/// <summary>What a run found. JSON has the same names in snake case and the same order; what is not defined is null.</summary>
public sealed record EvaluationReport
{
    /// <summary>The version of this layout.</summary>
    public int FormatVersion { get; init; } = 1;

    /// <summary>The judged model.</summary>
    public required ModelIdentity Model { get; init; }

    /// <summary>The judged data.</summary>
    public required DataIdentity Data { get; init; }

    /// <summary>The judged model's results, then each baseline's.</summary>
    public required ImmutableArray<ModelReport> Models { get; init; }

    /// <summary>The judged model's AUC less each baseline's, in pairs.</summary>
    public required ImmutableArray<DifferenceReport> Differences { get; init; }

    /// <summary>The judged model's results cut by the values of features.</summary>
    public required ImmutableArray<SliceReport> Slices { get; init; }
}

/// <summary>Which model was judged.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version; null where it has none.</param>
/// <param name="Architecture">Its network.</param>
/// <param name="SchemaFingerprint">The hash of its features, in hexadecimal.</param>
public sealed record ModelIdentity(string Name, string? Version, string Architecture, string SchemaFingerprint);

/// <summary>Which data it was judged on.</summary>
/// <param name="Splits">The judged splits; empty is all.</param>
/// <param name="Impressions">How many impressions were judged.</param>
/// <param name="Unscored">How many more had no score and were left out.</param>
/// <param name="Reconstructed">How many of them had lost their served record.</param>
/// <param name="Users">Of how many users.</param>
/// <param name="From">The first impression's time.</param>
/// <param name="To">The last impression's time.</param>
public sealed record DataIdentity(
    ImmutableArray<string> Splits, int Impressions, int Unscored, int Reconstructed, int Users, DateTimeOffset From, DateTimeOffset To);

/// <summary>One model's results.</summary>
/// <param name="Name">The model's or baseline's name.</param>
/// <param name="Outputs">A result for each output that it has.</param>
public sealed record ModelReport(string Name, ImmutableArray<OutputReport> Outputs);

/// <summary>How good one predicted probability is. Intervals are 95 %, lower end first.</summary>
public sealed record OutputReport
{
    /// <summary>The output: <c>ctr</c>, <c>cvr</c>, <c>ctcvr</c>.</summary>
    public required string Output { get; init; }

    /// <summary>Which impressions count.</summary>
    public required string Population { get; init; }

    /// <summary>How many.</summary>
    public required int Impressions { get; init; }

    /// <summary>How many of them are positive.</summary>
    public required int Positives { get; init; }

    /// <summary>AUC.</summary>
    public required double Auc { get; init; }

    /// <summary>DeLong's interval.</summary>
    public required ImmutableArray<double> AucInterval { get; init; }

    /// <summary>The AUC of the true probabilities on the same labels, where they are known.</summary>
    public double? BestAuc { get; init; }

    /// <summary>AUC within users, weighted by impressions.</summary>
    public required double GroupedAuc { get; init; }

    /// <summary>The bootstrap's interval, over users.</summary>
    public required ImmutableArray<double> GroupedAucInterval { get; init; }

    /// <summary>Users with both classes, whom grouped AUC is over.</summary>
    public required int GroupedUsers { get; init; }

    /// <summary>Users with one class only, whom it skips.</summary>
    public required int SingleClassUsers { get; init; }

    /// <summary>Their impressions.</summary>
    public required int SingleClassImpressions { get; init; }

    /// <summary>Log loss in nats.</summary>
    public required double LogLoss { get; init; }

    /// <summary>The log loss of always predicting the share of positives.</summary>
    public required double BaseRateLogLoss { get; init; }

    /// <summary>Whether probabilities are what they say.</summary>
    public required CalibrationReport Calibration { get; init; }

    /// <summary>A conditional output over all impressions, where true probabilities are known.</summary>
    public OverAllReport? OverAll { get; init; }

    /// <summary>The ROC curve, for drawing.</summary>
    [JsonIgnore]
    public ImmutableArray<RocPoint> Roc { get; init; } = [];
}

/// <summary>Calibration.</summary>
/// <param name="MeanPredicted">The mean predicted probability.</param>
/// <param name="MeanObserved">The share of positives.</param>
/// <param name="Ratio">Mean predicted over mean observed.</param>
/// <param name="ExpectedError">Expected calibration error over 20 bins of equal mass.</param>
/// <param name="PerfectBand">The error below which a perfectly calibrated model of this size stays in 95 of 100 samples.</param>
/// <param name="Bins">The bins.</param>
public sealed record CalibrationReport(
    double MeanPredicted, double MeanObserved, double Ratio, double ExpectedError, double PerfectBand, ImmutableArray<CalibrationBin> Bins);

/// <summary>A conditional output over all impressions, against true probabilities.</summary>
/// <param name="Auc">The model's expected AUC.</param>
/// <param name="BestAuc">That of the true probabilities: the best possible.</param>
public sealed record OverAllReport(double Auc, double BestAuc);

/// <summary>The judged model against a baseline.</summary>
/// <param name="Output">The output.</param>
/// <param name="Against">The baseline.</param>
/// <param name="AucDifference">The model's AUC less the baseline's.</param>
/// <param name="Interval">Paired DeLong; without 0 inside, the difference is significant.</param>
public sealed record DifferenceReport(string Output, string Against, double AucDifference, ImmutableArray<double> Interval);

/// <summary>The impressions with one value of a feature.</summary>
/// <param name="Feature">The feature, or <c>split</c>.</param>
/// <param name="Value">The value.</param>
/// <param name="Impressions">How many impressions have it.</param>
/// <param name="Outputs">The model's results on them.</param>
public sealed record SliceReport(string Feature, string Value, int Impressions, ImmutableArray<SliceOutputReport> Outputs);

/// <summary>One output in a slice.</summary>
/// <param name="Output">The output.</param>
/// <param name="Impressions">How many impressions of the slice count for it.</param>
/// <param name="Positives">How many of them are positive.</param>
/// <param name="Auc">AUC.</param>
/// <param name="LogLoss">Log loss in nats.</param>
/// <param name="CalibrationRatio">Mean predicted over mean observed.</param>
public sealed record SliceOutputReport(string Output, int Impressions, int Positives, double Auc, double LogLoss, double CalibrationRatio);
