using System.Collections.Immutable;
using Ranking.Metrics;

namespace Ranking.Evaluation;

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

    /// <summary>The bootstrap's interval, over users.</summary>
    public required ImmutableArray<double> AucUserInterval { get; init; }

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

    /// <summary>Average precision: the area under the precision-recall curve.</summary>
    public required double AveragePrecision { get; init; }

    /// <summary>The bootstrap's interval, over users.</summary>
    public required ImmutableArray<double> AveragePrecisionInterval { get; init; }

    /// <summary>Log loss in nats.</summary>
    public required double LogLoss { get; init; }

    /// <summary>The bootstrap's interval, over users.</summary>
    public required ImmutableArray<double> LogLossInterval { get; init; }

    /// <summary>The log loss of always predicting the share of positives.</summary>
    public required double BaseRateLogLoss { get; init; }

    /// <summary>Whether probabilities are what they say.</summary>
    public required CalibrationReport Calibration { get; init; }

    /// <summary>A conditional output over all impressions, where true probabilities are known.</summary>
    public OverAllReport? OverAll { get; init; }

    /// <summary>The ROC curve, for drawing.</summary>
    public ImmutableArray<RocPoint> Roc { get; init; } = [];

    /// <summary>The precision-recall curve, for drawing.</summary>
    public ImmutableArray<PrecisionRecallPoint> PrecisionRecall { get; init; } = [];

    /// <summary>Which share of the positives the best rows by score hold.</summary>
    public ImmutableArray<GainPoint> Gain { get; init; } = [];

    /// <summary>The distribution of predictions by class.</summary>
    public ImmutableArray<ScoreBin> Scores { get; init; } = [];
}

/// <summary>Calibration.</summary>
/// <param name="MeanPredicted">The mean predicted probability.</param>
/// <param name="MeanObserved">The share of positives.</param>
/// <param name="Ratio">Mean predicted over mean observed.</param>
/// <param name="RatioInterval">The bootstrap's interval, over users.</param>
/// <param name="ExpectedError">Expected calibration error over 20 bins of equal mass.</param>
/// <param name="PerfectBand">The error below which a perfectly calibrated model of this size stays in 95 of 100 samples.</param>
/// <param name="Bins">The bins.</param>
public sealed record CalibrationReport(
    double MeanPredicted, double MeanObserved, double Ratio, ImmutableArray<double> RatioInterval, double ExpectedError, double PerfectBand,
    ImmutableArray<CalibrationBin> Bins);

/// <summary>A conditional output over all impressions, against true probabilities.</summary>
/// <param name="Auc">The model's expected AUC.</param>
/// <param name="BestAuc">That of the true probabilities: the best possible.</param>
public sealed record OverAllReport(double Auc, double BestAuc);
