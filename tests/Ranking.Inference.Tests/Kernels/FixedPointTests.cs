using CsCheck;

namespace Ranking.Inference.Tests;

public sealed unsafe class FixedPointTests
{
    private const float Scale = 3 * FixedPoint.One;

    [Fact]
    public void Store_AnyNumbers_GivesEachTheBitsThatItHasAlone() =>
        Gen.Float.Array[1, 70].Sample(numbers => Assert.Equal(numbers.Select(number => FixedPoint.Of(number, Scale)), Stored(numbers)), iter: 20_000);

    [Theory]
    [InlineData(1, 96)]
    [InlineData(-2.5f / 96, -2)]
    [InlineData(3.5f / 96, 4)]
    [InlineData(1e9f, short.MaxValue)]
    [InlineData(float.NaN, short.MaxValue)]
    [InlineData(float.NegativeInfinity, short.MinValue)]
    public void Store_ANumber_GivesTheNearestOfThoseThereAre(float number, int expected)
    {
        Assert.All(Stored([.. Enumerable.Repeat(number, 17)]), stored => Assert.Equal(expected, stored));
    }

    [Fact]
    public void Sum_AnyParts_IsTheIntegerBelowTheirs() =>
        Gen.Short.Select(Gen.Short).Array[FixedPoint.Together].Sample(
            parts =>
            {
                short[] first = [.. parts.Select(part => part.Item1)], second = [.. parts.Select(part => part.Item2)];
                var expected = parts.Select(part => (byte)Math.Clamp(Math.Floor((part.Item1 + part.Item2) / FixedPoint.One), 0, 255));

                Assert.Equal(expected, first.Zip(second, FixedPoint.Sum));
                Assert.Equal(expected, Together(first, second));
            },
            iter: 20_000);

    [Fact]
    public void Sum_OfRoundedParts_IsNextToTheExactInteger() =>
        Gen.Float[-200, 200].Select(Gen.Float[-200, 200]).Sample(
            parts =>
            {
                var sum = FixedPoint.Sum(FixedPoint.Of(parts.Item1 + 0.5f, FixedPoint.One), FixedPoint.Of(parts.Item2, FixedPoint.One));
                var exact = Math.Clamp((double)parts.Item1 + parts.Item2, 0, 255);
                // Half of one for the integer, and half of a 32nd for each part.
                Assert.InRange(Math.Abs(sum - exact), 0, 0.5 + (1.001 / FixedPoint.One));
            },
            iter: 20_000);

    private static short[] Stored(float[] numbers)
    {
        var stored = new short[numbers.Length];
        fixed (short* target = stored)
        {
            FixedPoint.Store(numbers, Scale, target);
        }

        return stored;
    }

    private static byte[] Together(short[] first, short[] second)
    {
        if (!System.Runtime.Intrinsics.X86.Avx2.IsSupported)
        {
            return [.. first.Zip(second, FixedPoint.Sum)];
        }

        var sums = new byte[first.Length];
        fixed (short* a = first, b = second)
        {
            fixed (byte* target = sums)
            {
                FixedPoint.Sum(a, b, target);
            }
        }

        return sums;
    }
}
