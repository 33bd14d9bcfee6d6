namespace Ranking.Metrics;

/// <summary>How many rows of each class have a probability within the bin.</summary>
/// <param name="From">The lower border.</param>
/// <param name="To">The upper border; the last bin includes it.</param>
/// <param name="Positives">Positive rows.</param>
/// <param name="Negatives">Negative rows.</param>
public readonly record struct ScoreBin(double From, double To, int Positives, int Negatives);

/// <summary>The distribution of predicted probabilities, by class.</summary>
public static class ScoreHistogram
{
    /// <summary>Bins of equal width from 0 to the largest probability.</summary>
    /// <param name="probabilities">[rows] predicted probabilities.</param>
    /// <param name="labels">[rows] true for a positive row.</param>
    /// <param name="bins">How many bins.</param>
    /// <returns>The bins, ascending; none without rows.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or a value is no probability.</exception>
    public static IReadOnlyList<ScoreBin> Of(ReadOnlySpan<float> probabilities, ReadOnlySpan<bool> labels, int bins = 40)
    {
        Inputs.RequireEqualLength(probabilities.Length, labels.Length, nameof(labels));
        Inputs.RequireProbabilities(probabilities);
        if (probabilities.IsEmpty)
        {
            return [];
        }

        var most = 0f;
        foreach (var probability in probabilities)
        {
            most = Math.Max(most, probability);
        }

        // All at zero still need a bin of some width.
        double width = (most > 0 ? most : 1.0) / bins;
        var (positives, negatives) = (new int[bins], new int[bins]);
        for (var i = 0; i < labels.Length; i++)
        {
            (labels[i] ? positives : negatives)[Math.Min(bins - 1, (int)(probabilities[i] / width))]++;
        }

        return [.. Enumerable.Range(0, bins).Select(bin => new ScoreBin(bin * width, (bin + 1) * width, positives[bin], negatives[bin]))];
    }
}
