namespace Ranking.Learning.Tests;

/// <summary>Rows whose labels are drawn from a probability of their logit.</summary>
internal static class CalibrationRows
{
    /// <summary>Logits between −4 and 4, all of weight 1.</summary>
    public static CalibrationRow[] Draw(int count, Random random, Func<float, double> probability, ulong slice = 0) =>
        [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 8) - 4)
            .Select(logit => new CalibrationRow(logit, 1, 1, random.NextDouble() < probability(logit), slice))];
}
