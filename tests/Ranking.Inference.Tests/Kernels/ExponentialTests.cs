using System.Runtime.Intrinsics;
using CsCheck;

namespace Ranking.Inference.Tests;

public sealed class ExponentialTests
{
    private static readonly float[] Edges = [0, -88, float.NegativeInfinity, float.NaN];

    [Fact]
    public void OfNonPositive_OfAnyNumber_IsWithinTheStatedBound() => Gen.Float[-87, 0].Sample(
        x => Assert.InRange(Exponential.OfNonPositive(x) / Math.Exp(x), 1 - 2e-7, 1 + 2e-7), iter: 100_000);

    [Fact]
    public void Sigmoid_OfAnyNumber_IsWithinTheStatedBound() => Gen.Float[-87, 87].Sample(
        x => Assert.InRange(Exponential.Sigmoid(x) * (1 + Math.Exp(-x)), 1 - 4e-7, 1 + 4e-7), iter: 100_000);

    [Fact]
    public void OfNonPositive_OfEight_HasTheBitsOfEach() => Gen.OneOf(Gen.Float[-90, 0], Gen.Int[0, 3].Select(place => Edges[place])).Array[8].Sample(
        x => Assert.Equal(
            x.Select(number => BitConverter.SingleToInt32Bits(Exponential.OfNonPositive(number))),
            Enumerable.Range(0, 8).Select(place => Exponential.OfNonPositive(Vector256.Create(x)).AsInt32()[place])), iter: 10_000);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-88, 0)]
    [InlineData(float.NegativeInfinity, 0)]
    [InlineData(float.NaN, float.NaN)]
    public void OfNonPositive_AtTheEdges_IsExact(float x, float expected) => Assert.Equal(expected, Exponential.OfNonPositive(x));

    [Theory]
    [InlineData(0, 0.5f)]
    [InlineData(float.PositiveInfinity, 1)]
    [InlineData(float.NegativeInfinity, 0)]
    [InlineData(float.NaN, float.NaN)]
    public void Sigmoid_AtTheEdges_IsExact(float x, float expected) => Assert.Equal(expected, Exponential.Sigmoid(x));
}
