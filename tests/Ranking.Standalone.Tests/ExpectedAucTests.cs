using CsCheck;

namespace Ranking.Standalone.Tests;

public class ExpectedAucTests
{
    [Fact]
    public void Of_AnyRows_EqualsTheSumOverAllPairs() =>
        Gen.Select(Gen.Int[0, 5], Gen.Double[0.01, 0.99], Gen.Double[0.01, 0.99]).Array[2, 40].Sample(rows =>
        {
            double won = 0, pairs = 0;
            foreach (var (score, positive, _) in rows)
            {
                foreach (var (other, _, negative) in rows)
                {
                    pairs += positive * negative;
                    won += positive * negative * (score > other ? 1 : score == other ? 0.5 : 0);
                }
            }

            var auc = ExpectedAuc.Of([.. rows.Select(row => (double)row.Item1)], [.. rows.Select(row => row.Item2)], [.. rows.Select(row => row.Item3)]);
            Assert.Equal(won / pairs, auc, 1e-9);
        });

    [Fact]
    public void Of_CertainLabels_IsThePlainAuc() =>
        Assert.Equal(0.75, ExpectedAuc.Of([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1], [1, 1, 0, 0]));

    [Fact]
    public void Of_OneClass_IsNaN() => Assert.True(double.IsNaN(ExpectedAuc.Of([0.1, 0.2], [1, 1], [0, 0])));
}
