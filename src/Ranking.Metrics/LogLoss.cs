namespace Ranking.Metrics;

/// <summary>The mean negative log-likelihood of the labels, in nats.</summary>
public static class LogLoss
{
    /// <summary>
    /// Probabilities are clipped to [ε, 1 − ε] with ε = 2^−23, the step of a float below 1: a row costs at most 15.95
    /// nats, also where a float rounds to 1 what is not certain.
    /// </summary>
    public const double Clip = 1.0 / (1 << 23);

    /// <summary>The log loss.</summary>
    /// <param name="probabilities">[rows] predicted probabilities of a positive label.</param>
    /// <param name="labels">[rows] true for a positive row.</param>
    /// <returns>Nats a row; NaN without rows.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or a value is no probability.</exception>
    public static double Of(ReadOnlySpan<float> probabilities, ReadOnlySpan<bool> labels)
    {
        Inputs.RequireEqualLength(probabilities.Length, labels.Length, nameof(labels));
        Inputs.RequireProbabilities(probabilities);
        double sum = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            sum += OfRow(probabilities[i], labels[i]);
        }

        return sum / labels.Length;
    }

    /// <summary>The log loss of one row.</summary>
    public static double OfRow(double probability, bool label) =>
        -Math.Log(Math.Clamp(label ? probability : 1 - probability, Clip, 1 - Clip));

    /// <summary>The log loss of predicting the base rate for every row: what a model must beat.</summary>
    /// <param name="positives">How many rows are positive.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <returns>The entropy of the base rate, in nats; NaN without rows.</returns>
    public static double OfBaseRate(long positives, long rows)
    {
        var rate = (double)positives / rows;
        return (rate * OfRow(rate, true)) + ((1 - rate) * OfRow(rate, false));
    }
}
