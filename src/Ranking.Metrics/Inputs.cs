namespace Ranking.Metrics;

internal static class Inputs
{
    public static void RequireEqualLength(int scores, int others, string name)
    {
        if (scores != others)
        {
            throw new ArgumentException($"{others} {name} for {scores} scores: give one for each score.", name);
        }
    }

    /// <summary>A NaN would sort below everything and shift the metric without a trace.</summary>
    public static void RequireNumbers(ReadOnlySpan<float> scores)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            if (float.IsNaN(scores[i]))
            {
                throw new ArgumentException($"scores[{i}] is NaN: a metric needs a number for every row.", nameof(scores));
            }
        }
    }

    public static void RequireProbabilities(ReadOnlySpan<float> probabilities)
    {
        for (var i = 0; i < probabilities.Length; i++)
        {
            if (!(probabilities[i] is >= 0 and <= 1))
            {
                throw new ArgumentException(
                    $"probabilities[{i}] is {probabilities[i]}: give probabilities from 0 to 1, not logits.", nameof(probabilities));
            }
        }
    }
}
