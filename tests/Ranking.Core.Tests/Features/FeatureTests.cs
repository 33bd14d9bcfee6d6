namespace Ranking.Core.Tests;

public sealed class FeatureTests
{
    private static readonly Feature Number = new() { Id = 1, Name = "a", Kind = FeatureKind.Numeric, Scope = FeatureScope.Item };

    [Fact]
    public void IsFitted_OfNumbersWithATransformOrBins_IsTrue()
    {
        Assert.False(Number.IsFitted);
        Assert.True((Number with { Transform = TransformKind.Quantile }).IsFitted);
        Assert.True((Number with { Embedding = new() { Kind = NumericEmbeddingKind.Piecewise } }).IsFitted);
        Assert.False((Number with { Embedding = new() { Kind = NumericEmbeddingKind.Periodic } }).IsFitted);
        Assert.False((Number with { Transform = TransformKind.Quantile, IsInput = false }).IsFitted);
    }
}
