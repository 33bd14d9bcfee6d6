namespace Ranking.Metrics;

/// <summary>A point of the precision-recall curve.</summary>
/// <param name="Recall">The share of positives at or above the threshold.</param>
/// <param name="Precision">The share of positives among the rows at or above the threshold.</param>
public readonly record struct PrecisionRecallPoint(double Recall, double Precision);

/// <summary>The precision-recall curve, for drawing.</summary>
public static class PrecisionRecallCurve
{
    /// <summary>The curve from the highest threshold to the lowest, thinned to points at least 1 / resolution apart in recall.</summary>
    /// <param name="scores">[rows] scores.</param>
    /// <param name="labels">[rows] true for a positive row.</param>
    /// <param name="resolution">Steps of recall; the curve has at most one point more.</param>
    /// <returns>The points; none without positives.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or a score is NaN.</exception>
    public static IReadOnlyList<PrecisionRecallPoint> Of(ReadOnlySpan<float> scores, ReadOnlySpan<bool> labels, int resolution = 100)
    {
        var thresholds = new Thresholds(scores, labels);
        var points = new List<PrecisionRecallPoint>();
        var next = 1;
        foreach (var (rows, positives) in thresholds.Above())
        {
            // Positives may arrive many at once; the next step is the first one beyond where they came to.
            if ((long)positives * resolution >= (long)next * thresholds.Positives && next <= resolution && positives > 0)
            {
                points.Add(new PrecisionRecallPoint((double)positives / thresholds.Positives, (double)positives / rows));
                next = (int)((long)positives * resolution / thresholds.Positives) + 1;
            }
        }

        return points;
    }
}
