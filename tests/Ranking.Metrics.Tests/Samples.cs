using CsCheck;

namespace Ranking.Metrics.Tests;

internal static class Samples
{
    /// <summary>Scores from few values, so that ties are common, with labels.</summary>
    public static Gen<(float Score, bool Label)[]> Tied { get; } =
        Gen.Select(Gen.Int[0, 12], Gen.Bool, (score, label) => (score / 12f, label)).Array[2, 60];

    public static (float[] Scores, bool[] Labels) Split(IEnumerable<(float Score, bool Label)> rows) =>
        ([.. rows.Select(row => row.Score)], [.. rows.Select(row => row.Label)]);

    /// <summary>Predictions between 0.01 and 0.61 and labels drawn with them, times a miscalibration.</summary>
    public static (float[] Probabilities, bool[] Labels) Calibrated(int seed, int rows, double trueOverPredicted = 1)
    {
        var random = new Random(seed);
        var probabilities = new float[rows];
        var labels = new bool[rows];
        for (var i = 0; i < rows; i++)
        {
            probabilities[i] = (float)(0.01 + (0.6 * random.NextDouble() * random.NextDouble()));
            labels[i] = random.NextDouble() < probabilities[i] * trueOverPredicted;
        }

        return (probabilities, labels);
    }
}
