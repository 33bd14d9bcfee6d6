using System.Collections.Immutable;
using CsCheck;

namespace Ranking.Core.Tests;

public sealed class RowMemoTests
{
    private const int RoomForAll = 1 << 16;
    private const int RoomForTwo = 400;
    private static readonly Feature Author = new() { Id = 1, Name = "author", Kind = FeatureKind.Categorical, Scope = FeatureScope.Item, Table = "authors" };
    private static readonly Feature Price = new() { Id = 2, Name = "price", Kind = FeatureKind.Numeric, Scope = FeatureScope.Item, Transform = TransformKind.Standard };
    private static readonly Feature Tags = new() { Id = 3, Name = "tags", Kind = FeatureKind.List, Scope = FeatureScope.Item, Table = "tags" };
    private static readonly Feature Topics = new() { Id = 4, Name = "topics", Kind = FeatureKind.WeightedList, Scope = FeatureScope.Item, Table = "topics" };
    private static readonly Feature Cheap = new() { Id = 5, Name = "cheap", Kind = FeatureKind.Numeric, Scope = FeatureScope.Item, Derived = "10 - price" };
    private static readonly Feature PerHour = new() { Id = 6, Name = "per_hour", Kind = FeatureKind.Numeric, Scope = FeatureScope.Pair, Derived = "price / (1 + hour(event_time))" };
    private static readonly Feature Shown = new() { Id = 7, Name = "shown", Kind = FeatureKind.Categorical, Scope = FeatureScope.Pair, Table = "shown" };
    private static readonly FeatureSchema Schema = new([Author, Price, Tags, Topics, Cheap, PerHour, Shown]);
    private static readonly NumericTransform[] Fitted = [new(2, TransformKind.Standard, [10, 5])];

    // Few values, so that records come again; now and then one is missing or of a wrong type.
    private static readonly Gen<ReadOnlyMemory<byte>> Record = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 7]).Select((author, price, tags) =>
    {
        var writer = new FeatureRecordWriter(Schema.Fingerprint);
        writer.Write(1, $"a{author}");
        if (price > 0)
        {
            writer.Write(2, price * 4.5);
        }
        else if (author == 0)
        {
            writer.Write(2, "dear");
        }

        writer.WriteList(3, [.. Enumerable.Range(0, tags).Select(tag => $"t{tag}")]);
        writer.WriteList(4, ["a", "b"], [author, price]);
        return (ReadOnlyMemory<byte>)writer.ToArray();
    });

    [Theory]
    [InlineData(RoomForAll)]
    [InlineData(RoomForTwo)]
    public void Encode_ItemsRememberedOrNot_GivesTheSame(long bytes) => Gen.Select(Record.Array[0, 80], Gen.Long[0, 1L << 41]).Array[1, 4].Sample(requests =>
    {
        using var memo = new RowMemo(bytes);
        var (remembering, plain) = (new FeatureEncoder(Schema, Fitted, serving: true, memo), new FeatureEncoder(Schema, Fitted, serving: true));
        var (batch, expected) = (remembering.CreateBatch(), plain.CreateBatch());
        foreach (var (items, time) in requests)
        {
            var pairs = time % 2 == 0 ? [] : items.Select((_, place) => Pair(place)).ToArray();
            remembering.Encode(batch, time, default, default, items, pairs);
            plain.Encode(expected, time, default, default, items, pairs);

            Assert.Equal(expected.Mistyped, batch.Mistyped);
            foreach (var scope in new[] { FeatureScope.Item, FeatureScope.Pair })
            {
                Assert.Equal(items.Length, batch[scope].Rows);
                Assert.All(expected[scope].Columns.Zip(batch[scope].Columns), AssertSame);
            }
        }
    });

    [Fact]
    public void TryAdd_RecordKept_AddsItsRow()
    {
        using var memo = Create(Author, Price);
        var target = new EncodedBatch(new FeatureSchema([Author, Price]))[FeatureScope.Item];
        ReadOnlyMemory<byte>[] records = [new byte[] { 1 }, new byte[] { 2 }];
        memo.Seek(records);
        target.Columns[0].AddKey(7);
        target.Columns[1].AddNumber(1.5f, false);
        memo.Keep(0, target);
        memo.Seek(records);

        Assert.True(memo.TryAdd(0, target));
        Assert.False(memo.TryAdd(1, target));
        Assert.Equal([7ul, 7ul], target.Columns[0].Keys.ToArray());
        Assert.Equal([1.5f, 1.5f], target.Columns[1].Values.ToArray());
        Assert.Equal([0f, 0f], target.Columns[1].Missing.ToArray());
    }

    [Fact]
    public void Keep_RowOfTooManyIds_IsNotRemembered()
    {
        using var memo = Create(Tags);
        var target = new EncodedBatch(new FeatureSchema([Tags]))[FeatureScope.Item];
        memo.Seek([new byte[] { 1 }]);
        for (var id = 0; id < 5; id++)
        {
            target.Columns[0].PushKey((ulong)id, 0.2f, id);
        }

        target.Columns[0].EndRow(5);
        memo.Keep(0, target);

        Assert.False(memo.TryAdd(0, target));
    }

    [Fact]
    public void TryServe_ItemsThatDependOnMore_IsFalse()
    {
        var age = new Feature { Id = 8, Name = "age", Kind = FeatureKind.Numeric, Scope = FeatureScope.Item, Derived = "event_time - price" };
        using var memo = new RowMemo(RoomForAll);
        using var small = new RowMemo(8);

        Assert.False(memo.TryServe(Encoders(Price, age)));
        Assert.False(memo.TryServe([]));
        Assert.False(small.TryServe(Encoders(Price)));
        Assert.True(memo.TryServe(Encoders(Price, Cheap)));
    }

    private static void AssertSame((EncodedColumn Expected, EncodedColumn Found) columns)
    {
        var (expected, found) = columns;
        Assert.Equal(expected.Keys, found.Keys);
        Assert.Equal(expected.Offsets, found.Offsets);
        Assert.Equal(expected.Weights, found.Weights);
        Assert.Equal(expected.Values, found.Values);
        Assert.Equal(expected.Missing, found.Missing);
    }

    private static ReadOnlyMemory<byte> Pair(int place)
    {
        var writer = new FeatureRecordWriter(Schema.Fingerprint);
        writer.Write(7, (long)place);
        return writer.ToArray();
    }

    private static RowMemo Create(params Feature[] features)
    {
        var memo = new RowMemo(RoomForAll);
        Assert.True(memo.TryServe(Encoders(features)));
        return memo;
    }

    private static ImmutableArray<ColumnEncoder> Encoders(params Feature[] features)
    {
        var schema = new FeatureSchema([.. features]);
        return [.. features.Select((_, slot) => new ColumnEncoder(schema, slot, null, serving: true))];
    }
}
