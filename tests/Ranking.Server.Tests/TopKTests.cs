using CsCheck;

namespace Ranking.Server.Tests;

public sealed class TopKTests
{
    private static readonly Gen<double> Score = Gen.OneOf(Gen.Int[0, 5].Select(number => (double)number), Gen.Const(double.NaN), Gen.Const(double.NegativeInfinity));

    [Fact]
    public void Order_AnyScores_HasTheBestFirstThenTheOthersAsTheyWereSent() =>
        Gen.Select(Score.Array[0, 60], Gen.Int[1, 70]).Sample((scores, best) =>
        {
            int[] expected = [.. Enumerable.Range(0, scores.Length).OrderByDescending(at => scores[at])];
            var order = TopK.Order(scores, best);

            Assert.Equal(expected.Take(best), order.Take(best));
            Assert.Equal(expected.Skip(best).Order(), order.Skip(best));
        });
}
