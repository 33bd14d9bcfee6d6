using CsCheck;

namespace Ranking.Learning.Tests;

public sealed class IsotonicRegressionTests
{
    [Fact]
    public void Pool_AnyRows_EqualsTheMinMaxFormula() =>
        Gen.Select(Gen.Int[-5, 5], Gen.Int[1, 4], Gen.Bool).Array[1, 30].Sample(drawn =>
        {
            var rows = Array.ConvertAll(drawn, row => new CalibrationRow(row.Item1, row.Item2, row.Item2, row.Item3, 0));

            var blocks = IsotonicRegression.Pool(rows);

            // Robertson, Wright and Dykstra, 1988, eq. 1.4.3: max over the left ends of min over the right ends of the mean between.
            var logits = rows.Select(row => row.Logit).Distinct().Order().ToArray();
            var expected = logits.Select(at => logits.Where(left => left <= at).Max(left => logits.Where(right => right >= at).Min(right => Mean(rows, left, right)))).ToArray();
            Assert.Equal(expected.Distinct(new Near()).Count(), blocks.Count);
            Assert.All(blocks.Zip(expected.Distinct(new Near())), pair => Assert.Equal(pair.Second, pair.First.Mean, 1e-12));
            Assert.Equal(rows.Sum(row => row.Weight), blocks.Sum(block => block.Weight), 1e-9);
        });

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(64)]
    public void Fit_ACurve_RisesStrictlyWithinTheKnotsAndFollowsIt(int knots)
    {
        static double Curve(float logit) => CalibrationLevel.Sigmoid(logit < 0 ? logit / 4 : logit * 1.5);
        var rows = CalibrationRows.Draw(50_000, new Random(1), Curve);

        var found = IsotonicRegression.Fit(rows, knots);

        Assert.InRange(found.Count, knots / 2, knots);
        Assert.All(found.Zip(found.Skip(1)), pair => Assert.True(pair.First.Logit < pair.Second.Logit && pair.First.Value < pair.Second.Value));
        if (knots >= 8)
        {
            Assert.All(found, knot => Assert.Equal(Curve((float)knot.Logit), CalibrationLevel.Sigmoid(knot.Value), 0.05));
        }
    }

    [Fact]
    public void Fit_LabelsThatFall_IsOneKnot()
    {
        var rows = CalibrationRows.Draw(5_000, new Random(1), logit => logit < 0 ? 0.9 : 0.1);

        Assert.Single(IsotonicRegression.Fit(rows, 16));
    }

    private static double Mean(CalibrationRow[] rows, float from, float to)
    {
        var between = rows.Where(row => row.Logit >= from && row.Logit <= to).ToArray();
        return between.Sum(row => row.IsPositive ? row.Weight : 0) / between.Sum(row => row.Weight);
    }

    private sealed class Near : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) < 1e-12;

        public int GetHashCode(double obj) => 0;
    }
}
