using CsCheck;

namespace Ranking.Metrics.Tests;

public sealed class NdcgTests
{
    [Fact]
    public void Of_OneList_EqualsTheHandCount()
    {
        // By score the gains are 0, 3, 1; of the first two, 0/log2(2) + 3/log2(3) over the best 3/log2(2) + 1/log2(3).
        var ndcg = Ndcg.Of([0.2f, 0.9f, 0.5f], [1, 0, 3], [7, 7, 7], [0, 0, 0], 2);

        Assert.Equal(3 / Math.Log2(3) / (3 + (1 / Math.Log2(3))), ndcg.Value, 9);
        Assert.Equal((1, 0), (ndcg.Lists, ndcg.SkippedLists));
    }

    [Fact]
    public void Of_TiedScores_IsTheMeanOfTheirOrders()
    {
        float[] gains = [2, 0, 1];
        int[][] orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        var mean = orders.Average(order =>
            Ndcg.Of([.. gains.Select((_, row) => (float)-Array.IndexOf(order, row))], gains, [1, 1, 1], [0, 0, 0], 2).Value);

        Assert.Equal(mean, Ndcg.Of([5, 5, 5], gains, [1, 1, 1], [0, 0, 0], 2).Value, 12);
    }

    [Fact]
    public void Of_ManyLists_IsTheirMean() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 4], Gen.Int[0, 5], (list, score, gain) => (List: (long)list, Score: (float)score, Gain: (float)gain))
            .Array[2, 40].Sample(rows =>
            {
                var each = rows.GroupBy(row => row.List)
                    .Select(list => Ndcg.Of([.. list.Select(row => row.Score)], [.. list.Select(row => row.Gain)], new ulong[list.Count()], new long[list.Count()], 3))
                    .Where(ndcg => ndcg.Lists == 1).ToArray();

                var ndcg = Ndcg.Of(
                    [.. rows.Select(row => row.Score)], [.. rows.Select(row => row.Gain)], [.. rows.Select(row => (ulong)row.List / 2)], [.. rows.Select(row => row.List)], 3);

                Assert.Equal(each.Length, ndcg.Lists);
                Assert.All(each, one => Assert.InRange(one.Value, 0, 1));
                Assert.Equal(each.Length == 0 ? double.NaN : each.Average(one => one.Value), ndcg.Value, 9);
            });

    [Fact]
    public void Of_BestOrder_IsOne() =>
        Assert.Equal(1, Ndcg.Of([3, 2, 1, 1, 2], [5, 2, 1, 0, 4], [1, 1, 1, 2, 2], [0, 0, 0, 0, 0], 10).Value, 12);

    [Fact]
    public void Of_BestOrderWithTies_IsNotMoreThanOne() =>
        Assert.Equal(1, Ndcg.Of([2, 2, 2, 1], [3, 3, 3, 0], [1, 1, 1, 1], [0, 0, 0, 0], 3).Value);

    [Fact]
    public void Of_ListsOfOneGain_AreLeftOut()
    {
        var ndcg = Ndcg.Of([1, 2, 3], [1, 1, 0], [1, 1, 2], [0, 0, 0], 10);

        Assert.Equal((0, 2), (ndcg.Lists, ndcg.SkippedLists));
        Assert.True(double.IsNaN(ndcg.Value));
        Assert.True(double.IsNaN(ndcg.Bootstrap(1, 100).Lower));
    }

    [Fact]
    public void Of_NegativeGain_NamesTheRow() =>
        Assert.Contains("gains[1] is -1", Assert.Throws<ArgumentException>(() => Ndcg.Of([1, 2], [1, -1], [1, 1], [0, 0], 1)).Message, StringComparison.Ordinal);
}
