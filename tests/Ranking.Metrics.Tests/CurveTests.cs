namespace Ranking.Metrics.Tests;

public sealed class CurveTests
{
    [Fact]
    public void PrecisionRecall_AnyRows_EnclosesTheAveragePrecision()
    {
        var (scores, labels) = Samples.Calibrated(1, 5000);

        var curve = PrecisionRecallCurve.Of(scores, labels, 200);

        var area = curve.Zip(curve.Skip(1), (a, b) => (b.Recall - a.Recall) * b.Precision).Sum() + (curve[0].Recall * curve[0].Precision);
        Assert.Equal(AveragePrecision.Of(scores, labels), area, 2);
        Assert.InRange(curve.Count, 150, 201);
        Assert.Equal(1, curve[^1].Recall);
        Assert.Equal(curve.OrderBy(point => point.Recall), curve);
    }

    [Fact]
    public void PrecisionRecall_AnyRows_AreTrueThresholds() =>
        CsCheck.Check.Sample(Samples.Tied, rows =>
        {
            var (scores, labels) = Samples.Split(rows);
            foreach (var point in PrecisionRecallCurve.Of(scores, labels, 10))
            {
                Assert.Contains(scores, threshold =>
                {
                    var above = rows.Where(row => row.Score >= threshold).ToArray();
                    var positives = above.Count(row => row.Label);
                    return Math.Abs(point.Recall - ((double)positives / labels.Count(label => label))) < 1e-12
                        && Math.Abs(point.Precision - ((double)positives / above.Length)) < 1e-12;
                });
            }
        });

    [Fact]
    public void PrecisionRecall_NoPositive_IsEmpty() => Assert.Empty(PrecisionRecallCurve.Of([1, 2], [false, false]));

    [Fact]
    public void Gain_FourRows_EqualsTheHandCount() =>
        Assert.Equal(
            [new GainPoint(0.25, 0.5), new GainPoint(0.5, 0.5), new GainPoint(0.75, 1), new GainPoint(1, 1)],
            GainCurve.Of([0.9f, 0.8f, 0.7f, 0.6f], [true, false, true, false], 4));

    [Fact]
    public void Gain_AllTied_IsTheDiagonal() =>
        Assert.All(GainCurve.Of([1, 1, 1, 1, 1], [true, true, false, false, false], 10), point =>
        {
            Assert.Equal(point.Rows, point.Positives, 12);
            Assert.Equal(1, point.Lift, 12);
        });

    [Fact]
    public void Gain_AnyRows_RisesToAll() =>
        CsCheck.Check.Sample(Samples.Tied, rows =>
        {
            var (scores, labels) = Samples.Split(rows);
            var curve = GainCurve.Of(scores, labels, 20);
            if (!labels.Contains(true))
            {
                Assert.Empty(curve);
                return;
            }

            Assert.Equal(20, curve.Count);
            Assert.Equal(new GainPoint(1, 1), curve[^1]);
            Assert.Equal(curve.OrderBy(point => point.Positives), curve);
        });

    [Fact]
    public void Histogram_AnyRows_CountsEachOnce()
    {
        var (scores, labels) = Samples.Calibrated(2, 1000);

        var bins = ScoreHistogram.Of(scores, labels, 30);

        Assert.Equal(labels.Count(label => label), bins.Sum(bin => bin.Positives));
        Assert.Equal(labels.Count(label => !label), bins.Sum(bin => bin.Negatives));
        Assert.Equal(scores.Max(), bins[^1].To, 6);
        var second = scores.Zip(labels).Where(row => row.First >= bins[1].From && row.First < bins[1].To).ToArray();
        Assert.Equal(second.Count(row => row.Second), bins[1].Positives);
    }

    [Fact]
    public void Histogram_AllZero_IsInTheFirstBin() =>
        Assert.Equal(2, ScoreHistogram.Of([0, 0], [false, true], 4)[0] is var bin ? bin.Positives + bin.Negatives : 0);

    [Fact]
    public void Wilson_TenOfHundred_EqualsTheTable()
    {
        // Newcombe, Statistics in Medicine 17, 1998, method 3.
        var interval = Interval.Wilson(0.1, 100);

        Assert.Equal(0.0552, interval.Lower, 4);
        Assert.Equal(0.1744, interval.Upper, 4);
        Assert.Equal(0, Interval.Wilson(0, 20).Lower, 12);
    }
}
