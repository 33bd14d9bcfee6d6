namespace Ranking.Metrics.Tests;

public sealed class CalibrationTests
{
    [Fact]
    public void Of_TwentyRows_EqualsTheHandCount()
    {
        var calibration = Calibration.Of(TwentyRows.Scores, TwentyRows.Labels);

        Assert.Equal(TwentyRows.Expected("mean_predicted"), calibration.MeanPredicted, 6);
        Assert.Equal(TwentyRows.Expected("mean_observed"), calibration.MeanObserved, 12);
        Assert.Equal(TwentyRows.Expected("ratio"), calibration.Ratio, 6);
        Assert.Equal(TwentyRows.Expected("expected_error"), calibration.ExpectedError, 6);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(20)]
    [InlineData(1013)]
    public void Of_AnyNumberOfRows_HasBinsOfEqualMass(int rows)
    {
        var (probabilities, labels) = Samples.Calibrated(1, rows);

        var bins = Calibration.Of(probabilities, labels).Bins;

        Assert.Equal(Math.Min(rows, Calibration.BinCount), bins.Length);
        Assert.Equal(rows, bins.Sum(bin => bin.Rows));
        Assert.InRange(bins.Max(bin => bin.Rows) - bins.Min(bin => bin.Rows), 0, 1);
        Assert.Equal(bins.OrderBy(bin => bin.MeanPredicted), bins);
    }

    [Fact]
    public void PerfectBand_CalibratedModels_CoversNineteenOfTwenty()
    {
        const int Models = 200;
        var covered = 0;
        for (var seed = 0; seed < Models; seed++)
        {
            var (probabilities, labels) = Samples.Calibrated(seed, 1000);
            var calibration = Calibration.Of(probabilities, labels);
            covered += calibration.ExpectedError <= calibration.PerfectBand((ulong)seed) ? 1 : 0;
        }

        // 95 % of 200 is 190; a binomial count is within four standard deviations, 12.
        Assert.InRange(covered, 178, Models);
    }

    [Fact]
    public void PerfectBand_ModelThatPredictsTooMuch_IsExceeded()
    {
        var (probabilities, labels) = Samples.Calibrated(1, 20_000, trueOverPredicted: 0.8);

        var calibration = Calibration.Of(probabilities, labels);

        Assert.InRange(calibration.Ratio, 1.15, 1.35);
        Assert.True(calibration.ExpectedError > calibration.PerfectBand(1));
    }

    [Fact]
    public void PerfectBand_SameSeed_IsTheSame()
    {
        var (probabilities, labels) = Samples.Calibrated(1, 500);
        var calibration = Calibration.Of(probabilities, labels);

        Assert.Equal(calibration.PerfectBand(3), calibration.PerfectBand(3));
    }
}
