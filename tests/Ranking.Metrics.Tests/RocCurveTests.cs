namespace Ranking.Metrics.Tests;

public sealed class RocCurveTests
{
    [Fact]
    public void Of_AnyRows_EnclosesTheAuc()
    {
        var (scores, labels) = Samples.Calibrated(1, 5000);

        var curve = RocCurve.Of(scores, labels);

        var area = curve.Zip(curve.Skip(1), (a, b) => (b.FalsePositiveRate - a.FalsePositiveRate) * (a.TruePositiveRate + b.TruePositiveRate) / 2).Sum();
        Assert.Equal(Auc.Of(scores, labels), area, 3);
        Assert.InRange(curve.Count, 100, 202);
        Assert.Equal(new RocPoint(0, 0), curve[0]);
        Assert.Equal(new RocPoint(1, 1), curve[^1]);
    }

    [Fact]
    public void Of_AllTied_IsTheDiagonal() =>
        Assert.Equal([new RocPoint(0, 0), new RocPoint(1, 1)], RocCurve.Of([1, 1, 1], [true, false, false]));

    [Fact]
    public void Of_OneClass_IsEmpty() => Assert.Empty(RocCurve.Of([1, 2], [true, true]));
}
