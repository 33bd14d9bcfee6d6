namespace Ranking.Metrics.Tests;

public sealed class LogLossTests
{
    [Fact]
    public void Of_TwentyRows_EqualsTheHandCount() =>
        Assert.Equal(TwentyRows.Expected("log_loss"), LogLoss.Of(TwentyRows.Scores, TwentyRows.Labels), 6);

    [Fact]
    public void OfBaseRate_TwentyRows_EqualsTheHandCount() =>
        Assert.Equal(TwentyRows.Expected("base_rate_log_loss"), LogLoss.OfBaseRate(9, 20), 6);

    [Fact]
    public void OfBaseRate_AnyRate_IsTheLossOfPredictingIt() =>
        Assert.Equal(LogLoss.Of([0.25f, 0.25f, 0.25f, 0.25f], [true, false, false, false]), LogLoss.OfBaseRate(1, 4), 12);

    [Fact]
    public void Of_CertainAndWrong_CostsTheClip() =>
        Assert.Equal(Math.Log(1 << 23), LogLoss.Of([1, 0], [false, true]), 9);

    [Fact]
    public void Of_Logits_Throws() =>
        Assert.Contains("probabilities[1] is -2", Assert.Throws<ArgumentException>(() => LogLoss.Of([0.5f, -2], [true, true])).Message, StringComparison.Ordinal);
}
