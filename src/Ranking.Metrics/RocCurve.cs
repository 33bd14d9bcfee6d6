namespace Ranking.Metrics;

/// <summary>A point of the ROC curve.</summary>
/// <param name="FalsePositiveRate">The share of negatives at or above the threshold.</param>
/// <param name="TruePositiveRate">The share of positives at or above the threshold.</param>
public readonly record struct RocPoint(double FalsePositiveRate, double TruePositiveRate);

/// <summary>The ROC curve, for drawing.</summary>
public static class RocCurve
{
    /// <summary>The curve from (0, 0) to (1, 1), thinned to points that lie at least 1 / resolution apart on either axis.</summary>
    /// <param name="scores">[rows] scores.</param>
    /// <param name="labels">[rows] true for a positive row.</param>
    /// <param name="resolution">Steps an axis; the curve has at most twice as many points.</param>
    /// <returns>The points; none where all rows are of one class.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or a score is NaN.</exception>
    public static IReadOnlyList<RocPoint> Of(ReadOnlySpan<float> scores, ReadOnlySpan<bool> labels, int resolution = 100)
    {
        Inputs.RequireEqualLength(scores.Length, labels.Length, nameof(labels));
        Inputs.RequireNumbers(scores);
        var positives = labels.Count(true);
        var negatives = labels.Length - positives;
        if (positives == 0 || negatives == 0)
        {
            return [];
        }

        var sorted = scores.ToArray();
        var sortedLabels = labels.ToArray();
        Array.Sort(sorted, sortedLabels);
        var points = new List<RocPoint> { new(0, 0) };
        int above = 0, aboveNegative = 0;
        for (var i = sorted.Length - 1; i >= 0; i--)
        {
            above += sortedLabels[i] ? 1 : 0;
            aboveNegative += sortedLabels[i] ? 0 : 1;
            var point = new RocPoint((double)aboveNegative / negatives, (double)above / positives);
            var isTied = i > 0 && sorted[i - 1] == sorted[i];
            if (!isTied && (i == 0 || Distance(points[^1], point) * resolution >= 1))
            {
                points.Add(point);
            }
        }

        return points;
    }

    private static double Distance(RocPoint a, RocPoint b) =>
        Math.Max(b.FalsePositiveRate - a.FalsePositiveRate, b.TruePositiveRate - a.TruePositiveRate);
}
