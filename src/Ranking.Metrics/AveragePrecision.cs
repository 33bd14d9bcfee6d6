namespace Ranking.Metrics;

/// <summary>
/// The area under the precision-recall curve as average precision: the mean, over positives, of the precision at the
/// threshold that admits them (Manning, Raghavan and Schütze, Introduction to Information Retrieval, 2008, 8.4). No
/// interpolation, which would flatter (Davis and Goadrich, ICML 2006). A score without order has the share of positives.
/// </summary>
public static class AveragePrecision
{
    /// <summary>Average precision, equal scores as one threshold; O(n log n).</summary>
    /// <param name="scores">[rows] scores in any unit; only their order counts.</param>
    /// <param name="labels">[rows] true for a positive row.</param>
    /// <returns>0 to 1; NaN without positives.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or a score is NaN.</exception>
    public static double Of(ReadOnlySpan<float> scores, ReadOnlySpan<bool> labels)
    {
        var thresholds = new Thresholds(scores, labels);
        double sum = 0;
        var before = 0;
        foreach (var (rows, positives) in thresholds.Above())
        {
            sum += (double)(positives - before) * positives / rows;
            before = positives;
        }

        return sum / thresholds.Positives;
    }
}
