namespace Ranking.Metrics.Tests;

public sealed class DeLongTests
{
    [Fact]
    public void Estimate_TwentyRows_EqualsTheHandCount()
    {
        var estimate = DeLong.Estimate(TwentyRows.Scores, TwentyRows.Labels);

        Assert.Equal(TwentyRows.Expected("auc"), estimate.Auc, 11);
        Assert.Equal(TwentyRows.Expected("variance"), estimate.Variance, 8);
        Assert.Equal(0.702020 - (1.959964 * Math.Sqrt(0.016235588)), estimate.Interval.Lower, 5);
        Assert.Equal(0.702020 + (1.959964 * Math.Sqrt(0.016235588)), estimate.Interval.Upper, 5);
    }

    [Fact]
    public void Estimate_AnyRows_HasTheAuc() =>
        CsCheck.Check.Sample(Samples.Tied, rows =>
        {
            var (scores, labels) = Samples.Split(rows);
            Assert.Equal(Auc.Of(scores, labels), DeLong.Estimate(scores, labels).Auc, 12);
        });

    [Fact]
    public void Estimate_OnePositive_HasNoInterval()
    {
        var estimate = DeLong.Estimate([0.1f, 0.2f, 0.3f], [false, true, false]);

        Assert.Equal(0.5, estimate.Auc);
        Assert.True(double.IsNaN(estimate.Variance));
        Assert.True(double.IsNaN(estimate.Interval.Lower));
    }

    [Fact]
    public void Estimate_ManyRows_HasTheBootstrapsError()
    {
        var (scores, labels) = Samples.Calibrated(7, 2000);
        var random = new Random(11);
        double sum = 0, squares = 0;
        const int Resamples = 400;
        for (var i = 0; i < Resamples; i++)
        {
            int[] drawn = [.. Enumerable.Range(0, scores.Length).Select(_ => random.Next(scores.Length))];
            var auc = Auc.Of([.. drawn.Select(row => scores[row])], [.. drawn.Select(row => labels[row])]);
            sum += auc;
            squares += auc * auc;
        }

        var bootstrap = Math.Sqrt((squares / Resamples) - Math.Pow(sum / Resamples, 2));
        Assert.InRange(Math.Sqrt(DeLong.Estimate(scores, labels).Variance) / bootstrap, 0.85, 1.15);
    }

    [Fact]
    public void Compare_SameScores_HasNoDifferenceAndNoVariance()
    {
        var difference = DeLong.Compare(TwentyRows.Scores, TwentyRows.Scores, TwentyRows.Labels);

        Assert.Equal(0, difference.Difference);
        Assert.Equal(0, difference.Variance, 12);
    }

    [Fact]
    public void Compare_CorrelatedScores_IsNarrowerThanApart()
    {
        var (scores, labels) = Samples.Calibrated(3, 4000);
        var random = new Random(5);
        float[] noisy = [.. scores.Select(score => score + (0.1f * random.NextSingle()))];

        var difference = DeLong.Compare(scores, noisy, labels);

        var apart = DeLong.Estimate(scores, labels).Variance + DeLong.Estimate(noisy, labels).Variance;
        Assert.Equal(Auc.Of(scores, labels) - Auc.Of(noisy, labels), difference.Difference, 12);
        Assert.InRange(difference.Variance, 0, 0.8 * apart);
        Assert.True(difference.Interval.Lower > 0, "noise costs AUC, and the paired interval shows it");
    }
}
