namespace Ranking.Core.Tests;

public sealed class DerivedIdsTests
{
    private static readonly FeatureSchema Schema = new(
    [
        new Feature { Id = 1, Name = "length", Kind = FeatureKind.Numeric, Scope = FeatureScope.Item, IsInput = false },
        new Feature { Id = 2, Name = "step", Kind = FeatureKind.Categorical, Scope = FeatureScope.Item, Table = "step", Derived = "length / 10" },
        new Feature { Id = 3, Name = "hour", Kind = FeatureKind.Categorical, Scope = FeatureScope.Context, Table = "hour", Derived = "hour(event_time)" },
    ]);

    [Fact]
    public void Of_LoadedImpression_IsTheIdWhoseKeyTheEncoderMakes()
    {
        var records = Records(-3);
        var ids = new DerivedIds(Schema, [1, 2, 3]);
        ids.Load(records);

        var encoder = new FeatureEncoder(Schema, [], serving: false);
        var batch = encoder.CreateBatch();
        encoder.Encode(batch, [new Example { Sequence = 0, EventTime = 7_200_000, Impression = 0, User = 0, Features = records, Labels = 0, Observed = 0 }]);
        Assert.Equal(-1, ids.Of(2, 7_200_000));
        Assert.Equal(new KeyHash("step").Of(-1), batch[FeatureScope.Item].Columns.Single(column => column.Feature.Id == 2).Keys[0]);
        Assert.Equal(2, ids.Of(3, 7_200_000));
    }

    [Fact]
    public void Of_MissingValue_IsNull()
    {
        var ids = new DerivedIds(Schema, [2]);
        ids.Load(Records(40));
        ids.Load(default);
        Assert.Null(ids.Of(2, 0));
    }

    [Fact]
    public void Has_FeatureThatIsNotDerivedOrNotWanted_IsFalse()
    {
        var ids = new DerivedIds(Schema, [1, 2]);
        Assert.Equal([false, true, false], new[] { 1, 2, 3 }.Select(ids.Has));
    }

    private static FeatureRecords Records(long length)
    {
        var item = new FeatureRecordWriter(Schema.Fingerprint);
        item.Write(1, length);
        return new FeatureRecords(default, default, item.ToArray(), default);
    }
}
