namespace Ranking.Metrics;

/// <summary>An AUC with what the sample says about its error.</summary>
/// <param name="Auc">0 to 1; NaN where all rows are of one class.</param>
/// <param name="Variance">DeLong's variance; NaN with fewer than two rows of either class.</param>
/// <param name="Interval">The 95 % interval by the normal approximation, cut at 0 and 1.</param>
public readonly record struct AucEstimate(double Auc, double Variance, Interval Interval);

/// <summary>How two scores of the same rows differ in AUC.</summary>
/// <param name="Difference">The first's AUC less the second's.</param>
/// <param name="Variance">Of the difference; smaller than the sum of both variances as the scores correlate.</param>
/// <param name="Interval">The 95 % interval of the difference; one without 0 is a significant difference.</param>
public readonly record struct AucDifference(double Difference, double Variance, Interval Interval);

/// <summary>
/// Intervals of AUCs without resampling (DeLong, DeLong and Clarke-Pearson, Biometrics 44, 1988) in O(n log n) (Sun and
/// Xu, Fast Implementation of DeLong's Algorithm, IEEE Signal Processing Letters 21, 2014). Rows count as independent:
/// where a user has many, <see cref="GroupedAuc"/>'s bootstrap over users is the wider and more honest one.
/// </summary>
public static class DeLong
{
    /// <summary>The AUC and its interval.</summary>
    /// <param name="scores">[rows] scores.</param>
    /// <param name="labels">[rows] true for a positive row.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a score is NaN.</exception>
    public static AucEstimate Estimate(ReadOnlySpan<float> scores, ReadOnlySpan<bool> labels)
    {
        var placements = new Placements(scores, labels);
        var variance = Placements.Covariance(placements, placements, labels);
        return new AucEstimate(placements.Auc, variance, Interval.Normal(placements.Auc, variance, 0, 1));
    }

    /// <summary>Compares two scores of the same rows.</summary>
    /// <param name="first">[rows] the first scores.</param>
    /// <param name="second">[rows] the second scores.</param>
    /// <param name="labels">[rows] true for a positive row.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a score is NaN.</exception>
    public static AucDifference Compare(ReadOnlySpan<float> first, ReadOnlySpan<float> second, ReadOnlySpan<bool> labels)
    {
        var a = new Placements(first, labels);
        var b = new Placements(second, labels);
        var difference = a.Auc - b.Auc;
        var variance = Placements.Covariance(a, a, labels) + Placements.Covariance(b, b, labels)
            - (2 * Placements.Covariance(a, b, labels));
        return new AucDifference(difference, variance, Interval.Normal(difference, Math.Max(0, variance), -1, 1));
    }
}
