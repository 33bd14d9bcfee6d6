using CsCheck;

namespace Ranking.Core.Tests;

public sealed class TransformFitterTests
{
    private static readonly FeatureSchema Schema = new(
    [
        Numeric(1, "a", TransformKind.Standard), Numeric(2, "b", TransformKind.Log1p), Numeric(3, "c", TransformKind.Quantile),
        Numeric(4, "none", TransformKind.None), Numeric(5, "double", TransformKind.Standard) with { Derived = "2 * a" },
        Numeric(6, "hidden", TransformKind.Standard) with { IsInput = false },
        Numeric(7, "bins", TransformKind.None) with { Derived = "a", Embedding = Bins(4) },
        Numeric(8, "scaled", TransformKind.Standard) with { Derived = "a", Embedding = Bins(4) },
    ]);

    [Fact]
    public void Fit_NumericInputsWithATransform_AreFittedByTheirIds() =>
        Assert.Equal([1, 2, 3, 5, 7, 8], Fit([1, 2]).Select(transform => transform.FeatureId));

    [Fact]
    public void Fit_Standard_GivesMeanAndDeviation() =>
        Gen.Double[-1e3, 1e3].Array[2, 40].Sample(values =>
        {
            var transform = Fit(values)[0];
            var scaled = values.Select(value => (double)transform.Apply(value)).ToArray();
            Assert.Equal(0, scaled.Average(), 1e-3);
            if (values.Max() - values.Min() > 1e-3)
            {
                Assert.Equal(1, Math.Sqrt(scaled.Average(value => value * value)), 1e-3);
            }
        });

    [Fact]
    public void Fit_DerivedFeature_IsFittedOnItsFormula()
    {
        var fitted = Fit([1, 3]);
        Assert.Equal([2, 1], fitted[0].Parameters);
        Assert.Equal([4, 2], fitted[3].Parameters);
    }

    [Fact]
    public void Fit_Constant_HasDeviationOne() => Assert.Equal([7, 1], Fit([7, 7, 7])[0].Parameters);

    [Fact]
    public void Fit_NothingPresent_LeavesValuesAsTheyAre()
    {
        var fitted = Fit([double.NaN]);
        Assert.Equal([0, 1], fitted[0].Parameters);
        Assert.Empty(fitted[2].Parameters);
        Assert.Equal(-1, fitted[2].Apply(3));
    }

    [Fact]
    public void Fit_Quantile_HasAscendingDistinctBoundariesFromLeastToMost() =>
        Gen.Int[-50, 50].Array[1, 400].Sample(values =>
        {
            var boundaries = Fit([.. values.Select(value => (double)value)])[2].Parameters;
            Assert.InRange(boundaries.Length, 1, TransformFitter.MaxBoundaries);
            Assert.Equal(boundaries.Order().Distinct(), boundaries);
            Assert.Equal((values.Min(), values.Max()), (boundaries[0], boundaries[^1]));
        });

    [Fact]
    public void Fit_Bins_HaveAsManyExamplesEach() => Assert.Equal([0, 25, 50, 75, 100], Fit([.. Enumerable.Range(0, 101).Select(i => i * 1.0)])[4].Bins!.Value);

    [Fact]
    public void Fit_BinsOfATransformedFeature_AreOfTransformedValues() => Assert.Equal([-1, 1], Fit([1, 3, 1, 3])[5].Bins!.Value);

    [Fact]
    public void Fit_Bins_AreAtMostAsDeclaredFromLeastToMost() => Gen.Int[-9, 9].Array[1, 60].Sample(values =>
    {
        var bins = Fit([.. values.Select(value => (double)value)])[4].Bins!.Value;

        Assert.InRange(bins.Length, 1, 5);
        Assert.Equal(bins.Order().Distinct(), bins);
        Assert.Equal((values.Min(), values.Max()), (bins[0], bins[^1]));
    });

    [Fact]
    public void Fit_NothingPresent_LeavesNoBins() => Assert.Empty(Fit([double.NaN])[5].Bins!.Value);

    private static NumericEmbedding Bins(int count) => new() { Kind = NumericEmbeddingKind.Piecewise, Bins = count };

    private static Feature Numeric(int id, string name, TransformKind transform) =>
        new() { Id = id, Name = name, Kind = FeatureKind.Numeric, Scope = FeatureScope.Item, Transform = transform };

    private static NumericTransform[] Fit(double[] values) => [.. TransformFitter.Fit(Schema, [.. values.Select(Make)])];

    private static Example Make(double value)
    {
        var writer = new FeatureRecordWriter(Schema.Fingerprint);
        for (var id = 1; id <= 3 && !double.IsNaN(value); id++)
        {
            writer.Write(id, value);
        }

        return new Example
        {
            Sequence = 0,
            EventTime = 0,
            Impression = 0,
            User = 0,
            Features = new FeatureRecords(default, default, writer.ToArray(), default),
            Labels = 0,
            Observed = 0,
        };
    }
}
