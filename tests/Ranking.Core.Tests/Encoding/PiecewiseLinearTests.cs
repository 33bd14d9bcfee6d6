using CsCheck;

namespace Ranking.Core.Tests;

public sealed class PiecewiseLinearTests
{
    private static readonly Gen<float[]> Borders = Gen.Float[-100, 100].Array[2, 20].Select(values => values.Order().Distinct().ToArray());

    [Theory]
    [InlineData(-9, new float[] { 0, 0, 0 })]
    [InlineData(1, new float[] { 0, 0, 0 })]
    [InlineData(2, new float[] { 0.5f, 0, 0 })]
    [InlineData(3, new float[] { 1, 0, 0 })]
    [InlineData(5, new float[] { 1, 0.25f, 0 })]
    [InlineData(11, new float[] { 1, 1, 0 })]
    [InlineData(99, new float[] { 1, 1, 0 })]
    public void Encode_OverTwoBins_FillsThemInTheirOrder(float value, float[] expected)
    {
        float[] encoding = [7, 7, 7];

        PiecewiseLinear.Encode(value, [1, 3, 11], encoding);

        Assert.Equal(expected, encoding);
    }

    [Theory]
    [InlineData(new float[0])]
    [InlineData(new float[] { 2 })]
    public void Encode_WithoutBins_IsZero(float[] borders)
    {
        float[] encoding = [7, 7];

        PiecewiseLinear.Encode(3, borders, encoding);

        Assert.Equal([0, 0], encoding);
    }

    [Fact]
    public void Encode_OfNumbersWithinTheBins_CanBeUndone() =>
        Gen.Select(Borders, Gen.Float[0, 1]).Where((borders, _) => borders.Length > 1).Sample((borders, share) =>
        {
            var value = borders[0] + (share * (borders[^1] - borders[0]));
            var encoding = new float[borders.Length - 1];

            PiecewiseLinear.Encode(value, borders, encoding);

            var undone = borders[0] + encoding.Select((part, bin) => (double)part * (borders[bin + 1] - borders[bin])).Sum();
            Assert.Equal(value, undone, 1e-3);
        });

    [Fact]
    public void Encode_OfAGreaterNumber_IsNowhereLessAndStaysFinite() =>
        Gen.Select(Borders, Gen.Float.Where(float.IsFinite), Gen.Float.Where(float.IsFinite)).Where((borders, _, _) => borders.Length > 1).Sample((borders, a, b) =>
        {
            var (less, more) = (new float[borders.Length - 1], new float[borders.Length - 1]);

            PiecewiseLinear.Encode(Math.Min(a, b), borders, less);
            PiecewiseLinear.Encode(Math.Max(a, b), borders, more);

            Assert.All(less.Zip(more), pair => Assert.True(pair.First <= pair.Second && pair.First >= 0 && pair.Second <= 1));
        });
}
