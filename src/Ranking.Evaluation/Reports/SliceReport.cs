using System.Collections.Immutable;

namespace Ranking.Evaluation;

/// <summary>The impressions with one value of what they are sliced by.</summary>
/// <param name="Feature">The feature, <c>split</c>, <c>position</c>, <c>hour</c>, <c>day</c> or <c>day_hour</c> (UTC), <c>user_history</c> or <c>item_history</c> (impressions in training).</param>
/// <param name="Value">The value.</param>
/// <param name="Impressions">How many impressions have it.</param>
/// <param name="Outputs">The model's results on them.</param>
/// <param name="Objectives">Its order of them.</param>
public sealed record SliceReport(
    string Feature, string Value, int Impressions, ImmutableArray<SliceOutputReport> Outputs, ImmutableArray<ObjectiveReport> Objectives);

/// <summary>One output in a slice. Intervals are 95 %, lower end first, over users but for the first.</summary>
public sealed record SliceOutputReport
{
    /// <summary>The output.</summary>
    public required string Output { get; init; }

    /// <summary>How many impressions of the slice count for it.</summary>
    public required int Impressions { get; init; }

    /// <summary>How many of them are positive.</summary>
    public required int Positives { get; init; }

    /// <summary>AUC.</summary>
    public required double Auc { get; init; }

    /// <summary>DeLong's interval.</summary>
    public required ImmutableArray<double> AucInterval { get; init; }

    /// <summary>The bootstrap's interval.</summary>
    public required ImmutableArray<double> AucUserInterval { get; init; }

    /// <summary>AUC within users, weighted by impressions.</summary>
    public required double GroupedAuc { get; init; }

    /// <summary>Its interval.</summary>
    public required ImmutableArray<double> GroupedAucInterval { get; init; }

    /// <summary>Average precision.</summary>
    public required double AveragePrecision { get; init; }

    /// <summary>Its interval.</summary>
    public required ImmutableArray<double> AveragePrecisionInterval { get; init; }

    /// <summary>Log loss in nats.</summary>
    public required double LogLoss { get; init; }

    /// <summary>Its interval.</summary>
    public required ImmutableArray<double> LogLossInterval { get; init; }

    /// <summary>Mean predicted over mean observed.</summary>
    public required double CalibrationRatio { get; init; }

    /// <summary>Its interval.</summary>
    public required ImmutableArray<double> CalibrationRatioInterval { get; init; }
}
