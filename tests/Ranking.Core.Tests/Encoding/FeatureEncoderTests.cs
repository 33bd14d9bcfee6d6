using CsCheck;

namespace Ranking.Core.Tests;

public sealed class FeatureEncoderTests
{
    private static readonly Feature User = new() { Id = 1, Name = "user", Kind = FeatureKind.Categorical, Scope = FeatureScope.User, Table = "users" };
    private static readonly Feature Price = new() { Id = 2, Name = "price", Kind = FeatureKind.Numeric, Scope = FeatureScope.Item, Transform = TransformKind.Standard };
    private static readonly Feature Tags = new() { Id = 3, Name = "tags", Kind = FeatureKind.List, Scope = FeatureScope.Item, Table = "tags" };
    private static readonly Feature Topics = new() { Id = 4, Name = "topics", Kind = FeatureKind.WeightedList, Scope = FeatureScope.Item, Table = "topics" };
    private static readonly Feature Hour = new() { Id = 5, Name = "hour", Kind = FeatureKind.Categorical, Scope = FeatureScope.Context, Table = "hour", Derived = "hour(event_time)" };
    private static readonly Feature PerHour = new() { Id = 6, Name = "per_hour", Kind = FeatureKind.Numeric, Scope = FeatureScope.Pair, Derived = "price / (1 + hour(event_time))" };
    private static readonly Feature Position = new() { Id = 7, Name = "position", Kind = FeatureKind.Categorical, Scope = FeatureScope.Pair, Table = "position", TrainOnly = true, ServeAs = "0" };
    private static readonly Feature Raw = new() { Id = 8, Name = "raw", Kind = FeatureKind.Numeric, Scope = FeatureScope.Item, IsInput = false };
    private static readonly FeatureSchema Schema = new([User, Price, Tags, Topics, Hour, PerHour, Position, Raw]);
    private static readonly NumericTransform[] Fitted = [new(2, TransformKind.Standard, [10, 5])];
    private const long ThreeOClock = 1_650_855_600_000;

    [Fact]
    public void Encode_Example_GivesKeysAndNumbersOfEveryScope()
    {
        var batch = Encode(Make(w => w.Write(1, "ann"), w => Item(w, 20, ["x", "y"])));

        Assert.Equal([new KeyHash("users").Of("ann"u8)], Column(batch, User).Keys.ToArray());
        Assert.Equal([2f], Column(batch, Price).Values.ToArray());
        Assert.Equal([0f], Column(batch, Price).Missing.ToArray());
        Assert.Equal([new KeyHash("tags").Of("x"u8), new KeyHash("tags").Of("y"u8)], Column(batch, Tags).Keys.ToArray());
        Assert.Equal([0.5f, 0.5f], Column(batch, Tags).Weights.ToArray());
        Assert.Equal([new KeyHash("hour").Of(3)], Column(batch, Hour).Keys.ToArray());
        Assert.Equal([5f], Column(batch, PerHour).Values.ToArray());
        Assert.Equal(0, batch.Mistyped);
        Assert.DoesNotContain(batch[FeatureScope.Item].Columns, column => column.Feature == Raw);
    }

    [Fact]
    public void Encode_NoRecords_GivesMissingKeysAndIndicators()
    {
        var batch = Encode(Make(_ => { }, _ => { }));

        Assert.Equal([KeyHash.Missing(1)], Column(batch, User).Keys.ToArray());
        Assert.Equal([KeyHash.Missing(3)], Column(batch, Tags).Keys.ToArray());
        Assert.Equal((0f, 1f), (Column(batch, Price).Values[0], Column(batch, Price).Missing[0]));
        Assert.Equal((0f, 1f), (Column(batch, PerHour).Values[0], Column(batch, PerHour).Missing[0]));
    }

    [Fact]
    public void Encode_ValuesInAnyOrder_TakesTheLastOfEachAndSkipsOthers() =>
        Gen.Select(Gen.OneOf(Gen.Int[1, 4], Gen.Const(8), Gen.Const(99)), Gen.Int[1, 50]).Array[0, 12].Sample(values =>
        {
            var batch = Encode(Make(_ => { }, writer =>
            {
                foreach (var (id, value) in values)
                {
                    if (id is 3 or 4)
                    {
                        writer.WriteList(id, [$"{value}"]);
                    }
                    else
                    {
                        writer.Write(id, (double)value);
                    }
                }
            }));

            var (price, tags) = (values.LastOrDefault(pair => pair.Item1 == 2).Item2, values.LastOrDefault(pair => pair.Item1 == 3).Item2);
            Assert.Equal(price == 0 ? 0 : (price - 10) / 5f, Column(batch, Price).Values[0]);
            Assert.Equal(tags == 0 ? KeyHash.Missing(3) : new KeyHash("tags").Of(tags), Column(batch, Tags).Keys[0]);
            Assert.Equal([KeyHash.Missing(1)], Column(batch, User).Keys.ToArray());
        });

    [Fact]
    public void Encode_EmptyList_HasNoKeys()
    {
        var batch = Encode(Make(_ => { }, w => w.WriteList(3, Array.Empty<string>())), Make(_ => { }, w => w.WriteList(3, ["z"])));

        Assert.Equal([0, 0, 1], Column(batch, Tags).Offsets.ToArray());
        Assert.Equal([1f], Column(batch, Tags).Weights.ToArray());
    }

    [Theory]
    [InlineData(1f, 3f, 0.25f, 0.75f)]
    [InlineData(0f, 0f, 0.5f, 0.5f)]
    [InlineData(1f, -1f, 0.5f, 0.5f)]
    [InlineData(float.PositiveInfinity, 1f, 0.5f, 0.5f)]
    [InlineData(float.NaN, 1f, 0.5f, 0.5f)]
    [InlineData(1e-45f, 0f, 0.5f, 0.5f)]
    public void Encode_WeightedList_SharesByWeight(float first, float second, float expectedFirst, float expectedSecond)
    {
        var batch = Encode(Make(_ => { }, w => w.WriteList(4, ["a", "b"], [first, second])));
        Assert.Equal([expectedFirst, expectedSecond], Column(batch, Topics).Weights.ToArray());
    }

    [Fact]
    public void Encode_ValueOfAnotherType_IsMissingAndCounted()
    {
        var batch = Encode(Make(w => w.WriteList(1, ["ann"]), w => w.Write(2, "dear")));

        Assert.Equal(2, batch.Mistyped);
        Assert.Equal([KeyHash.Missing(1)], Column(batch, User).Keys.ToArray());
        Assert.Equal([1f], Column(batch, Price).Missing.ToArray());
    }

    [Fact]
    public void Encode_FeatureUnknownToTheSchema_IsSkipped()
    {
        var batch = Encode(Make(w => { w.Write(99, 5L); w.Write(1, "ann"); }, w => w.Write(1, "no user")));
        Assert.Equal([new KeyHash("users").Of("ann"u8)], Column(batch, User).Keys.ToArray());
    }

    [Fact]
    public void Encode_NumberBeyondSinglePrecision_IsMissing()
    {
        var batch = Encode(Make(_ => { }, w => Item(w, 1e300, [])));

        Assert.Equal((0f, 1f), (Column(batch, Price).Values[0], Column(batch, Price).Missing[0]));
    }

    [Theory]
    [InlineData(false, 4)]
    [InlineData(true, 0)]
    public void Encode_TrainOnlyFeature_HasItsServingValueWhenServing(bool serving, int expected)
    {
        var encoder = new FeatureEncoder(Schema, Fitted, serving);
        var batch = encoder.CreateBatch();
        var pair = new FeatureRecordWriter(Schema.Fingerprint);
        pair.Write(7, 4L);
        encoder.Encode(batch, ThreeOClock, default, default, [default], [pair.ToArray()]);

        Assert.Equal([new KeyHash("position").Of(expected)], Column(batch, Position).Keys.ToArray());
    }

    [Theory]
    [InlineData(false, 4, "3")]
    [InlineData(false, null, null)]
    [InlineData(true, 4, "0")]
    [InlineData(true, null, "0")]
    public void Encode_FormulaOverThePosition_ReadsItInTrainingAndServeAsWhenServing(bool serving, int? position, string? expected)
    {
        var derived = Position with { Scope = FeatureScope.Context, Derived = "min(position, 3)" };
        var encoder = new FeatureEncoder(new FeatureSchema([derived]), [], serving);
        var batch = encoder.CreateBatch();
        encoder.Encode(batch, [Make(_ => { }, _ => { }) with { Position = position }]);

        var key = expected is null ? KeyHash.Missing(7) : new KeyHash("position").Of(System.Text.Encoding.UTF8.GetBytes(expected));
        Assert.Equal([key], Column(batch, derived).Keys.ToArray());
    }

    [Fact]
    public void Encode_RequestOfManyCandidates_IsTheSameAsTheirExamples() =>
        Gen.Select(Gen.Int[0, 50], Gen.String[Gen.Char.AlphaNumeric, 0, 3].Array[0, 4]).Array[1, 6].Sample(items =>
        {
            var examples = items.Select(item => Make(w => w.Write(1, "ann"), w => Item(w, item.Item1, item.Item2))).ToArray();
            var expected = Encode(examples);
            var encoder = new FeatureEncoder(Schema, Fitted, serving: false);
            var batch = encoder.CreateBatch();
            encoder.Encode(batch, ThreeOClock, examples[0].Features.User, default, [.. examples.Select(example => example.Features.Item)], []);

            foreach (var feature in new[] { Price, Tags, Topics, PerHour })
            {
                Assert.Equal(Column(expected, feature).Keys.ToArray(), Column(batch, feature).Keys.ToArray());
                Assert.Equal(Column(expected, feature).Offsets.ToArray(), Column(batch, feature).Offsets.ToArray());
                Assert.Equal(Column(expected, feature).Weights.ToArray(), Column(batch, feature).Weights.ToArray());
                Assert.Equal(Column(expected, feature).Values.ToArray(), Column(batch, feature).Values.ToArray());
            }

            Assert.Equal(1, batch[FeatureScope.User].Rows);
            Assert.Equal(items.Length, batch[FeatureScope.Item].Rows);
        });

    [Fact]
    public void Encode_BatchUsedAgain_KeepsNothingOfTheOneBefore()
    {
        var encoder = new FeatureEncoder(Schema, Fitted, serving: false);
        var batch = encoder.CreateBatch();
        encoder.Encode(batch, [Make(w => w.Write(1, "ann"), w => Item(w, 20, ["x", "y", "z"]))]);
        encoder.Encode(batch, [Make(_ => { }, _ => { })]);

        Assert.Equal([KeyHash.Missing(1)], Column(batch, User).Keys.ToArray());
        Assert.Equal([KeyHash.Missing(3)], Column(batch, Tags).Keys.ToArray());
        Assert.Equal([1f], Column(batch, Tags).Weights.ToArray());
    }

    private static void Item(FeatureRecordWriter writer, double price, string[] tags)
    {
        writer.Write(2, price);
        writer.WriteList(3, tags);
    }

    private static Example Make(Action<FeatureRecordWriter> user, Action<FeatureRecordWriter> item)
    {
        var (users, items) = (new FeatureRecordWriter(Schema.Fingerprint), new FeatureRecordWriter(Schema.Fingerprint));
        user(users);
        item(items);
        return new Example
        {
            Sequence = 0,
            EventTime = ThreeOClock,
            Impression = 0,
            User = LogEvent.EntityKey("ann"),
            Features = new FeatureRecords(users.ToArray(), default, items.ToArray(), default),
            Labels = 0,
            Observed = 1,
        };
    }

    private static EncodedBatch Encode(params Example[] examples)
    {
        var encoder = new FeatureEncoder(Schema, Fitted, serving: false);
        var batch = encoder.CreateBatch();
        encoder.Encode(batch, examples);
        return batch;
    }

    private static EncodedColumn Column(EncodedBatch batch, Feature feature) =>
        batch[feature.Scope].Columns.Single(column => column.Feature == feature);
}
