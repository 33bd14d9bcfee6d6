namespace Ranking.Metrics;

/// <summary>A point of the gain curve.</summary>
/// <param name="Rows">The share of all rows that are at or above the threshold.</param>
/// <param name="Positives">The share of all positives among them.</param>
public readonly record struct GainPoint(double Rows, double Positives)
{
    /// <summary>How many times more positives they hold than as many rows picked at random.</summary>
    public double Lift => Positives / Rows;
}

/// <summary>Which share of the positives the best rows by score hold: the cumulative gain curve.</summary>
public static class GainCurve
{
    /// <summary>The curve at the shares 1 / steps, 2 / steps, … 1 of the rows.</summary>
    /// <param name="scores">[rows] scores.</param>
    /// <param name="labels">[rows] true for a positive row.</param>
    /// <param name="steps">How many points.</param>
    /// <returns>
    /// The points; none without positives. Among equal scores positives count as spread evenly, so that the order of the
    /// rows does not matter.
    /// </returns>
    /// <exception cref="ArgumentException">The lengths differ, or a score is NaN.</exception>
    public static IReadOnlyList<GainPoint> Of(ReadOnlySpan<float> scores, ReadOnlySpan<bool> labels, int steps = 50)
    {
        var thresholds = new Thresholds(scores, labels);
        if (thresholds.Positives == 0)
        {
            return [];
        }

        var points = new List<GainPoint>(steps);
        var (rowsBefore, positivesBefore) = (0, 0);
        foreach (var (rows, positives) in thresholds.Above())
        {
            while (points.Count < steps && (points.Count + 1.0) * thresholds.Rows / steps is var wanted && wanted <= rows)
            {
                var within = (wanted - rowsBefore) / (rows - rowsBefore);
                var gained = positivesBefore + (within * (positives - positivesBefore));
                points.Add(new GainPoint(wanted / thresholds.Rows, gained / thresholds.Positives));
            }

            (rowsBefore, positivesBefore) = (rows, positives);
        }

        return points;
    }
}
