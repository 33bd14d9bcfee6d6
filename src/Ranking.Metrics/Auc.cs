namespace Ranking.Metrics;

/// <summary>
/// The area under the ROC curve: the probability that a positive row scores above a negative one, a tie counting half
/// (Hanley and McNeil, Radiology 143, 1982).
/// </summary>
public static class Auc
{
    /// <summary>The AUC, counted exactly in integers; O(n log n).</summary>
    /// <param name="scores">[rows] scores in any unit; only their order counts.</param>
    /// <param name="labels">[rows] true for a positive row.</param>
    /// <returns>0 to 1; NaN where all rows are of one class.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or a score is NaN.</exception>
    public static double Of(ReadOnlySpan<float> scores, ReadOnlySpan<bool> labels)
    {
        Inputs.RequireEqualLength(scores.Length, labels.Length, nameof(labels));
        Inputs.RequireNumbers(scores);
        var sorted = scores.ToArray();
        var sortedLabels = labels.ToArray();
        Array.Sort(sorted, sortedLabels);
        return OfSorted(sorted, sortedLabels);
    }

    /// <summary>
    /// The AUC that is expected where every row's label is drawn with its true probability: what a score is worth when
    /// the truth is known, as on a simulator, without the noise of one draw. O(n log n).
    /// </summary>
    /// <param name="scores">[rows] scores.</param>
    /// <param name="probabilities">[rows] the true probability of a positive label.</param>
    /// <returns>
    /// Σ p(i) (1 − p(j)) [s(i) > s(j), a tie ½] / Σ p(i) (1 − p(j)) over i ≠ j; NaN where that sum is 0. Scoring by the
    /// true probabilities themselves gives the best that any score can reach.
    /// </returns>
    /// <exception cref="ArgumentException">The lengths differ, a score is NaN, or a probability is outside 0 to 1.</exception>
    public static double Expected(ReadOnlySpan<float> scores, ReadOnlySpan<float> probabilities)
    {
        Inputs.RequireEqualLength(scores.Length, probabilities.Length, nameof(probabilities));
        Inputs.RequireNumbers(scores);
        Inputs.RequireProbabilities(probabilities);
        var sorted = scores.ToArray();
        var truth = probabilities.ToArray();
        Array.Sort(sorted, truth);
        double above = 0, positives = 0, negatives = 0, self = 0;
        for (int i = 0, end; i < sorted.Length; i = end)
        {
            double tiedPositives = 0, tiedNegatives = 0, tiedSelf = 0;
            for (end = i; end < sorted.Length && sorted[end] == sorted[i]; end++)
            {
                double p = truth[end];
                tiedPositives += p;
                tiedNegatives += 1 - p;
                tiedSelf += p * (1 - p);
            }

            above += (tiedPositives * negatives) + (0.5 * ((tiedPositives * tiedNegatives) - tiedSelf));
            positives += tiedPositives;
            negatives += tiedNegatives;
            self += tiedSelf;
        }

        return above / ((positives * negatives) - self);
    }

    internal static double OfSorted(ReadOnlySpan<float> ascending, ReadOnlySpan<bool> labels)
    {
        long twiceAbove = 0, positives = 0, negatives = 0;
        for (int i = 0, end; i < ascending.Length; i = end)
        {
            long tiedPositives = 0;
            for (end = i; end < ascending.Length && ascending[end] == ascending[i]; end++)
            {
                tiedPositives += labels[end] ? 1 : 0;
            }

            var tiedNegatives = end - i - tiedPositives;
            twiceAbove += tiedPositives * ((2 * negatives) + tiedNegatives);
            positives += tiedPositives;
            negatives += tiedNegatives;
        }

        return twiceAbove / 2.0 / ((double)positives * negatives);
    }
}
