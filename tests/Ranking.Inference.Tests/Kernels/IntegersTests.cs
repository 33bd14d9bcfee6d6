using System.Runtime.Intrinsics;
using CsCheck;

namespace Ranking.Inference.Tests;

public sealed unsafe class IntegersTests
{
    private const float Scale = 51;
    private static readonly float[] Edges = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1e30f, -1e30f];

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-3, 0)]
    [InlineData(1, 51)]
    [InlineData(0.0098f, 0)]
    [InlineData(0.0099f, 1)]
    [InlineData(5, 255)]
    [InlineData(7, 255)]
    [InlineData(float.PositiveInfinity, 255)]
    [InlineData(float.NaN, 255)]
    public void Of_ANumber_IsTheNearestInteger(float number, int expected) => Assert.Equal(expected, Integers.Of(number, Scale));

    [Fact]
    public void Store_ThirtyTwo_HasTheIntegerOfEachInItsPlace()
    {
        Assert.SkipUnless(Vector256.IsHardwareAccelerated, "this machine has no AVX2");
        Gen.OneOf(Gen.Float[-1, 6], Gen.Int[0, 4].Select(place => Edges[place])).Array[Integers.Together].Sample(
            numbers =>
            {
                var found = new byte[Integers.Together];
                fixed (byte* target = found)
                {
                    Integers.Store(target, Eight(0), Eight(8), Eight(16), Eight(24), Scale);
                }

                Assert.Equal(numbers.Select(number => Integers.Of(number, Scale)), found);

                Vector256<float> Eight(int from) => Vector256.Create(numbers, from);
            },
            iter: 10_000);
    }
}
