namespace Ranking.Learning.Tests;

public sealed class PlattScalingTests
{
    [Theory]
    [InlineData(0.5, -1.0)]
    [InlineData(1.0, 0.0)]
    [InlineData(2.5, 0.7)]
    public void Fit_LabelsDrawnFromADistortedLogit_RecoversTheDistortion(double slope, double intercept)
    {
        var random = new Random(7);
        var rows = CalibrationRows.Draw(100_000, random, logit => CalibrationLevel.Sigmoid((slope * logit) + intercept));

        var fit = PlattScaling.Fit(rows);

        Assert.Equal(slope, fit.Slope, 0.05);
        Assert.Equal(intercept, fit.Intercept, 0.05);
    }

    [Fact]
    public void Fit_SeparableLabels_StaysFinite()
    {
        var rows = Enumerable.Range(-50, 100).Select(i => new CalibrationRow(i / 10f, 1, 1, i >= 0, 0)).ToArray();

        var (slope, intercept) = PlattScaling.Fit(rows);

        Assert.InRange(slope, 1, 100);
        Assert.InRange(intercept, -20, 20);
    }

    [Fact]
    public void Fit_ModelThatRanksBackwards_DoesNotTurnItOver()
    {
        var rows = CalibrationRows.Draw(10_000, new Random(3), logit => CalibrationLevel.Sigmoid(-logit));

        Assert.InRange(PlattScaling.Fit(rows).Slope, 1e-3, 0.1);
    }
}
