namespace Ranking.Metrics.Tests;

public sealed class AveragePrecisionTests
{
    [Fact]
    public void Of_FiveRows_EqualsTheHandCount() =>
        // Positives at ranks 1, 3 and 4: (1/1 + 2/3 + 3/4) / 3.
        Assert.Equal((1 + (2 / 3.0) + 0.75) / 3, AveragePrecision.Of([0.9f, 0.8f, 0.7f, 0.6f, 0.5f], [true, false, true, true, false]), 12);

    [Fact]
    public void Of_AnyRows_EqualsTheDefinition() =>
        CsCheck.Check.Sample(Samples.Tied, rows =>
        {
            double sum = 0;
            foreach (var (score, _) in rows.Where(row => row.Label))
            {
                var above = rows.Where(other => other.Score >= score).ToArray();
                sum += (double)above.Count(other => other.Label) / above.Length;
            }

            var (scores, labels) = Samples.Split(rows);
            Assert.Equal(sum / labels.Count(label => label), AveragePrecision.Of(scores, labels), 12);
        });

    [Fact]
    public void Of_AllTied_IsTheShareOfPositives() =>
        Assert.Equal(0.25, AveragePrecision.Of([1, 1, 1, 1], [false, true, false, false]), 12);

    [Fact]
    public void Of_NoPositive_IsNaN() => Assert.True(double.IsNaN(AveragePrecision.Of([1, 2], [false, false])));
}
