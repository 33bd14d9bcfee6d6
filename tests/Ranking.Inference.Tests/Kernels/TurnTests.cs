using CsCheck;
using Ranking.Models;

namespace Ranking.Inference.Tests;

public sealed class TurnTests
{
    [Fact]
    public void SinCos_OfAnyTurns_IsWithinTheStatedBound() => Gen.Float[-5000, 5000].Sample(
        x =>
        {
            var (sin, cos) = Turn.SinCos(x);
            Assert.InRange(sin - Math.Sin(2 * Math.PI * (x - Math.Round((double)x))), -2e-7, 2e-7);
            Assert.InRange(cos - Math.Cos(2 * Math.PI * (x - Math.Round((double)x))), -2e-7, 2e-7);
        },
        iter: 100_000);

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(0.25f, 1, 0)]
    [InlineData(0.5f, 0, -1)]
    [InlineData(-0.25f, -1, 0)]
    [InlineData(1_000_000.75f, -1, 0)]
    [InlineData(3e38f, 0, 1)]
    [InlineData(float.NegativeInfinity, 0, 1)]
    [InlineData(float.NaN, float.NaN, float.NaN)]
    public void SinCos_AtTheQuartersAndEdges_IsExact(float x, float sin, float cos) => Assert.Equal((sin, cos), Turn.SinCos(x));

    [Fact]
    public void SinCos_BeyondTheFarthest_IsThatOfTheFarthest() =>
        Assert.Equal(Turn.SinCos(PeriodicNode.Farthest), Turn.SinCos(2 * PeriodicNode.Farthest + 0.25f));
}
