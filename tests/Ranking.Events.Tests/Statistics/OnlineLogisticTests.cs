namespace Ranking.Events.Tests;

public sealed class OnlineLogisticTests
{
    [Fact]
    public void Fold_ClicksOfALogisticModel_RecoversItsProbabilities()
    {
        var weights = new Dictionary<ulong, double> { [0] = -1.5, [1] = 0.5, [2] = 1.2, [10] = -0.7, [11] = 0.7 };
        var model = new OnlineLogistic([0, 1], outcome: 1, among: 0, lag: 0, variance: 1, expire: long.MaxValue / 4);
        var random = new Random(3);
        for (var i = 0; i < 20_000; i++)
        {
            ulong[] keys = [(ulong)random.Next(3), (ulong)random.Next(10, 12)];
            model.Fold(new StatisticEvent(0, 0, keys, double.NaN), 0, i);
            if (random.NextDouble() < Sigmoid(weights[keys[0]] + weights[keys[1]]))
            {
                model.Fold(new StatisticEvent(1, 0, keys, double.NaN), 0, i);
            }
        }

        foreach (var first in new ulong[] { 0, 1, 2 })
        {
            foreach (var second in new ulong[] { 10, 11 })
            {
                Assert.Equal(Sigmoid(weights[first] + weights[second]), Sigmoid(model.Logit([first, second], 20_000)), 0.05);
            }
        }
    }

    [Fact]
    public void Logit_OfNothingKnown_IsZeroAndOfOneClickIsAboveIt()
    {
        var model = new OnlineLogistic([0], outcome: 1, among: 0, lag: 0, variance: 1, expire: 1_000);
        Assert.Equal(0, model.Logit([7], 0));
        model.Fold(new StatisticEvent(0, 0, [7], double.NaN), 0, 0);
        Assert.True(model.Logit([7], 0) < 0);
        model.Fold(new StatisticEvent(1, 0, [7], double.NaN), 0, 0);
        Assert.True(model.Logit([7], 0) > 0);
        Assert.Equal(0, model.Logit([8], 0));
        Assert.Equal(0, model.Logit([7], 1_001));
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
