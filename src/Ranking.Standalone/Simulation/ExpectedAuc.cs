namespace Ranking.Standalone;

/// <summary>
/// The AUC that scores have in expectation over the labels, where each row's probability of being positive is known:
/// P(score of a positive > score of a negative), ties counting half. No label is drawn, so it has no noise of its own.
/// </summary>
public static class ExpectedAuc
{
    /// <summary>The expected AUC.</summary>
    /// <param name="scores">[rows] what a model predicts.</param>
    /// <param name="positive">[rows] how likely the row counts as positive.</param>
    /// <param name="negative">[rows] how likely it counts as negative; the two need not add up to 1 (CVR: over clicked rows).</param>
    /// <returns>0 to 1; NaN where all rows are certainly of one class.</returns>
    public static double Of(ReadOnlySpan<double> scores, ReadOnlySpan<double> positive, ReadOnlySpan<double> negative)
    {
        var order = new int[scores.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        scores.ToArray().AsSpan().Sort(order);
        double below = 0, won = 0, positives = 0;
        for (var start = 0; start < order.Length;)
        {
            double tiedPositive = 0, tiedNegative = 0;
            var at = start;
            for (; at < order.Length && scores[order[at]] == scores[order[start]]; at++)
            {
                tiedPositive += positive[order[at]];
                tiedNegative += negative[order[at]];
            }

            won += tiedPositive * (below + (tiedNegative / 2));
            positives += tiedPositive;
            below += tiedNegative;
            start = at;
        }

        return won / (positives * below);
    }
}
