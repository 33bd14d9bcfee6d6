using CsCheck;

namespace Ranking.Core.Tests;

public sealed class NumericTransformTests
{
    [Fact]
    public void Apply_Standard_IsScaledAroundTheMean() =>
        Assert.Equal(1.5f, new NumericTransform(1, TransformKind.Standard, [10, 2]).Apply(13));

    [Fact]
    public void Apply_Log1p_KeepsTheSign()
    {
        var transform = new NumericTransform(1, TransformKind.Log1p, [0, 1]);

        Assert.Equal(MathF.Log(8), transform.Apply(7), 1e-6f);
        Assert.Equal(-transform.Apply(7), transform.Apply(-7));
    }

    [Theory]
    [InlineData(0, -1)]
    [InlineData(1, -1)]
    [InlineData(2, -0.5f)]
    [InlineData(3, 0)]
    [InlineData(13, 1)]
    [InlineData(99, 1)]
    public void Apply_Quantile_InterpolatesBetweenBoundaries(double value, float expected) =>
        Assert.Equal(expected, new NumericTransform(1, TransformKind.Quantile, [1, 3, 13]).Apply(value), 1e-6f);

    [Fact]
    public void Apply_Quantile_NeverFallsAsTheValueRises() =>
        Gen.Select(Gen.Double[-100, 100].Array[2, 20], Gen.Double[-150, 150], Gen.Double[-150, 150]).Sample((boundaries, a, b) =>
        {
            var transform = new NumericTransform(1, TransformKind.Quantile, [.. boundaries.Order().Distinct()]);
            Assert.True(transform.Apply(Math.Min(a, b)) <= transform.Apply(Math.Max(a, b)));
            Assert.InRange(transform.Apply(a), -1, 1);
        });
}
