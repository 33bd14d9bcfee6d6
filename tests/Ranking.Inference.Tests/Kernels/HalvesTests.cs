using CsCheck;

namespace Ranking.Inference.Tests;

public sealed unsafe class HalvesTests
{
    [Fact]
    public void Of_EveryFiniteHalf_IsItsNumber()
    {
        for (var bits = 0; bits <= ushort.MaxValue; bits++)
        {
            var half = BitConverter.UInt16BitsToHalf((ushort)bits);
            if (Half.IsFinite(half))
            {
                Assert.Equal((float)half, Halves.Of((ushort)bits));
            }
        }
    }

    [Fact]
    public void Store_NumbersThatAHalfHas_RoundsAsTheRuntimeDoes() =>
        Gen.Float[-65_504, 65_504].Select(Gen.Float[-4, 4], Gen.Bool).Array[1, 40].Sample(
            draws =>
            {
                float[] numbers = [.. draws.Select(draw => draw.Item3 ? draw.Item1 : draw.Item2).Where(number => MathF.Abs(number) > 6.2e-5f)];
                Assert.Equal(numbers.Select(number => BitConverter.HalfToUInt16Bits((Half)number)), Stored(numbers));
            },
            iter: 20_000);

    [Theory]
    [InlineData(1e6f, 65_504)]
    [InlineData(float.NegativeInfinity, -65_504)]
    [InlineData(6e-5f, 0)]
    [InlineData(-1e-30f, 0)]
    [InlineData(6.1035156e-5f, 6.1035156e-5f)]
    public void Store_NumbersThatAHalfHasNot_AreTheNearestOfItsNormalOnesOrNone(float number, float expected)
    {
        Assert.All(Stored([.. Enumerable.Repeat(number, 17)]), half => Assert.Equal(expected, Halves.Of(half)));
    }

    private static ushort[] Stored(float[] numbers)
    {
        var halves = new ushort[numbers.Length];
        fixed (ushort* target = halves)
        {
            Halves.Store(numbers, target);
        }

        return halves;
    }
}
