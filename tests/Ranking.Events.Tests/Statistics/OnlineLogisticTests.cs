using System.Collections.Immutable;

namespace Ranking.Events.Tests;

public sealed class OnlineLogisticTests
{
    [Fact]
    public void Fold_ClicksOfALogisticModel_RecoversItsProbabilities()
    {
        var weights = new Dictionary<ulong, double> { [0] = -1.5, [1] = 0.5, [2] = 1.2, [10] = -0.7, [11] = 0.7 };
        var model = new OnlineLogistic([0, 1], Tables(long.MaxValue / 4), outcome: 1, among: 0, lag: 0, variances: [1, 1]);
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
                Assert.Equal(Sigmoid(weights[first] + weights[second]), Sigmoid(model.Logit(new FoldedRows(), [first, second], 20_000)), 0.05);
            }
        }
    }

    [Fact]
    public void Logit_OfNothingKnown_IsZeroAndOfOneClickIsAboveIt()
    {
        var model = new OnlineLogistic([0], Tables(1_000), outcome: 1, among: 0, lag: 0, variances: [1]);
        Assert.Equal(0, model.Logit(new FoldedRows(), [7], 0));
        model.Fold(new StatisticEvent(0, 0, [7], double.NaN), 0, 0);
        Assert.True(model.Logit(new FoldedRows(), [7], 0) < 0);
        model.Fold(new StatisticEvent(1, 0, [7], double.NaN), 0, 0);
        Assert.True(model.Logit(new FoldedRows(), [7], 0) > 0);
        Assert.Equal(0, model.Logit(new FoldedRows(), [8], 0));
        Assert.Equal(0, model.Logit(new FoldedRows(), [7], 1_001));
    }

    [Fact]
    public void Weight_OfKeysOfDifferentVariances_MovesTheMoreVariedOneFurther()
    {
        var model = new OnlineLogistic([0, 1], Tables(1_000), outcome: 1, among: 0, lag: 0, variances: [0.5, 0.05]);
        Assert.Equal(Math.Sqrt(0.55), model.Deviation(new FoldedRows(), [7, 8], 0), 1e-12);
        model.Fold(new StatisticEvent(0, 0, [7, 8], double.NaN), 0, 0);
        Assert.True(model.Weight(new FoldedRows(), [7, 8], 0, 0) < model.Weight(new FoldedRows(), [7, 8], 1, 0));
        Assert.True(model.Weight(new FoldedRows(), [7, 8], 1, 0) < 0);
        Assert.True(model.Deviation(new FoldedRows(), [7, 8], 0) < Math.Sqrt(0.55));
        Assert.Equal((0.0, 0.0), (model.Weight(new FoldedRows(), [9, 8], 0, 0), model.Weight(new FoldedRows(), [7, 8], 0, 1_001)));
    }

    [Fact]
    public void Weight_OfAllKeys_AddsUpToTheLogitLessItsUncertainty()
    {
        var model = new OnlineLogistic([0, 1], Tables(long.MaxValue / 4), outcome: 1, among: 0, lag: 0, variances: [0.4, 0.1]);
        var random = new Random(4);
        for (var i = 0; i < 500; i++)
        {
            ulong[] keys = [(ulong)random.Next(5), (ulong)random.Next(5)];
            model.Fold(new StatisticEvent(0, 0, keys, double.NaN), 0, i);
            if (random.Next(3) == 0)
            {
                model.Fold(new StatisticEvent(1, 0, keys, double.NaN), 0, i);
            }

            var sum = model.Weight(new FoldedRows(), keys, 0, i) + model.Weight(new FoldedRows(), keys, 1, i);
            Assert.Equal(sum / Math.Sqrt(1 + (Math.PI / 8 * Math.Pow(model.Deviation(new FoldedRows(), keys, i), 2))), model.Logit(new FoldedRows(), keys, i), 1e-12);
        }
    }

    private static ImmutableArray<KeyTable> Tables(long expire) =>
        [.. Enumerable.Range(0, 2).Select(number => new KeyTable(number, TableOwner.Attribute, expire) { Width = 2 })];

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
