namespace Ranking.Core.Tests;

public sealed class FeatureSchemaTests
{
    private static readonly Feature One = new() { Id = 2, Name = "a", Kind = FeatureKind.Categorical, Scope = FeatureScope.User, Table = "a" };
    private static readonly Feature Two = new() { Id = 1, Name = "b", Kind = FeatureKind.Numeric, Scope = FeatureScope.Item };

    [Fact]
    public void Features_DeclaredInAnyOrder_AreTheSameSchema()
    {
        var schema = new FeatureSchema([One, Two]);

        Assert.Equal([Two, One], schema.Features);
        Assert.Equal(schema.Fingerprint, new FeatureSchema([Two, One]).Fingerprint);
        Assert.Equal(1, schema.SlotOf(2));
        Assert.Equal(-1, schema.SlotOf(3));
        Assert.Equal(One, schema.Find("a"));
        Assert.Null(schema.Find("c"));
    }

    [Fact]
    public void Fingerprint_AnyChangedProperty_IsAnother()
    {
        Feature[] changed =
        [
            One with { Id = 3 }, One with { Name = "c" }, One with { Kind = FeatureKind.List }, One with { Scope = FeatureScope.Pair },
            One with { Table = "t" }, One with { Transform = TransformKind.Log1p }, One with { Missing = MissingRule.Indicator },
            One with { Derived = "b" }, One with { IsInput = false }, One with { TrainOnly = true }, One with { ServeAs = "1" },
        ];

        Assert.Equal(changed.Length + 1, changed.Append(One).Select(feature => new FeatureSchema([feature]).Fingerprint).Distinct().Count());
    }

    [Fact]
    public void Constructor_EqualNamesOrIds_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new FeatureSchema([One, Two with { Name = "a" }]));
        Assert.Throws<ArgumentException>(() => new FeatureSchema([One, Two with { Id = 2 }]));
    }
}
