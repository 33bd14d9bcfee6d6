namespace Ranking.Core.Tests;

public sealed class SequenceEncoderTests
{
    private const long Now = 1_700_000_000_000;

    private static readonly Feature Video = new() { Id = 1, Name = "video", Kind = FeatureKind.Categorical, Scope = FeatureScope.Item, Table = "videos" };

    private static readonly Feature Watched = new()
    {
        Id = 2,
        Name = "watched",
        Kind = FeatureKind.Sequence,
        Scope = FeatureScope.User,
        Columns =
        [
            new SequenceColumn("video", SequenceColumnKind.Feature, "videos", 1),
            new SequenceColumn("outcome", SequenceColumnKind.Outcome, "watched.outcome", 0),
            new SequenceColumn("age", SequenceColumnKind.Age, "watched.age", 0),
        ],
    };

    private static readonly FeatureSchema Schema = new([Video, Watched]);

    [Fact]
    public void Encode_Sequences_GivesAlignedKeysOfTheirTables()
    {
        var column = Encode(
            Record(2, cells =>
            {
                cells.Add("a");
                cells.Add(3L);
                cells.Add(Now - 5_000);
                cells.Add(77L);
                cells.AddMissing();
                cells.Add(Now + 60_000);
            }),
            default,
            Record(1, cells =>
            {
                cells.AddMissing();
                cells.Add(0L);
                cells.Add(Now);
            })).Single(column => column.Feature == Watched);

        var (videos, outcomes, ages) = (new KeyHash("videos"), new KeyHash("watched.outcome"), new KeyHash("watched.age"));
        Assert.Equal([videos.Of("a"u8), videos.Of(77), KeyHash.Missing(1)], column.Parts[0].Keys.ToArray());
        Assert.Equal([outcomes.Of(3), KeyHash.Missing(2), outcomes.Of(0)], column.Parts[1].Keys.ToArray());
        Assert.Equal([ages.Of(2), ages.Of(0), ages.Of(0)], column.Parts[2].Keys.ToArray());
        Assert.Equal([0, 2, 2, 3], column.Offsets.ToArray());
        Assert.All(column.Parts, part => Assert.Equal([0, 2, 2, 3], part.Offsets.ToArray()));
        Assert.True(column.Keys.IsEmpty);
        Assert.Equal([1f, 1, 1], column.Parts[0].Weights.ToArray());
    }

    [Fact]
    public void Encode_AnotherBatch_ForgetsTheLast()
    {
        var (encoder, batch) = (new FeatureEncoder(Schema, [], serving: false), new EncodedBatch(Schema));
        encoder.Encode(batch, [Example(Record(1, Entry)), Example(Record(1, Entry))]);
        encoder.Encode(batch, [Example(Record(1, Entry))]);

        Assert.Equal([0, 1], batch[FeatureScope.User].Columns.Single().Offsets.ToArray());
        Assert.Equal(1, batch[FeatureScope.User].Columns.Single().Parts[0].Keys.Length);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Encode_AnotherNumberOfColumns_IsEmptyAndCounted(int columns)
    {
        var batch = new EncodedBatch(Schema);
        var cells = new SequenceCells();
        Enumerable.Range(0, columns).ToList().ForEach(_ => cells.Add(1L));
        var writer = new FeatureRecordWriter(Schema.Fingerprint);
        writer.WriteSequence(2, 1, columns, cells.Written);
        new FeatureEncoder(Schema, [], serving: false).Encode(batch, [Example(writer.ToArray())]);

        Assert.Equal(1, batch.Mistyped);
        Assert.Equal([0, 0], batch[FeatureScope.User].Columns.Single().Offsets.ToArray());
    }

    [Fact]
    public void Fingerprint_OtherColumns_IsAnother() =>
        Assert.NotEqual(Schema.Fingerprint, new FeatureSchema([Video, Watched with { Columns = [Watched.Columns[0]] }]).Fingerprint);

    private static void Entry(SequenceCells cells)
    {
        cells.Add(1L);
        cells.Add(0L);
        cells.Add(Now);
    }

    private static IEnumerable<EncodedColumn> Encode(params ReadOnlyMemory<byte>[] users)
    {
        var batch = new EncodedBatch(Schema);
        new FeatureEncoder(Schema, [], serving: false).Encode(batch, [.. users.Select(Example)]);
        Assert.Equal(0, batch.Mistyped);
        return batch.Scopes.SelectMany(scope => scope.Columns);
    }

    private static Example Example(ReadOnlyMemory<byte> user) => new()
    {
        Sequence = 0,
        EventTime = Now,
        Impression = 0,
        User = 0,
        Features = new FeatureRecords(user, default, default, default),
        Labels = 0,
        Observed = 0,
    };

    private static ReadOnlyMemory<byte> Record(int entries, Action<SequenceCells> add)
    {
        var cells = new SequenceCells();
        add(cells);
        var writer = new FeatureRecordWriter(Schema.Fingerprint);
        writer.WriteSequence(2, entries, 3, cells.Written);
        return writer.ToArray();
    }
}
