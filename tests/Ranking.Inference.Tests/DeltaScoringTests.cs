using CsCheck;
using Ranking.Core;
using Ranking.Models;
using Ranking.Models.Tests;
using Ranking.Testing;

namespace Ranking.Inference.Tests;

public sealed class DeltaScoringTests : IDisposable
{
    private const long ItemBytes = 10_000_000;
    private readonly TemporaryFolder folder = new();

    public static MatrixTheoryData<ArchitectureKind, bool> Networks => new(Enum.GetValues<ArchitectureKind>(), [false, true]);

    public void Dispose() => folder.Dispose();

    /// <summary>Items are kept before the first delta comes, and by each delta: what it changes must not be read, what it does not must be found.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void Score_ByADeltaAfterAnother_HasTheBitsOfTheFullVersion(ArchitectureKind kind, bool interacts)
    {
        var content = SmallModel.Content(SmallModel.SpecWithSequence(kind, interacts: interacts));
        ArtifactWriter.Write(folder.Combine(SmallModel.Version), content, SmallModel.Info);
        var number = 0;
        Gen.Select(Gen.Int, Gen.Double[0, 0.4]).Sample(
            (seed, share) =>
            {
                var random = new Random(seed);
                FeatureRecords[] candidates = [.. Enumerable.Range(0, 130).Select(_ => DrawnRecords.Draw(content.Spec.Schema, random))];
                using var full = ServingModel.Load(ModelArtifact.Open(folder.Combine(SmallModel.Version)), ItemBytes);
                var expected = Requests.Score(full, candidates[0], candidates);
                var before = full;
                for (var turn = 0; turn < 3; turn++)
                {
                    var rows = SmallDelta.Rows(content, random.Next(), share);
                    var merged = folder.Combine($"merged-{++number}");
                    ArtifactWriter.Write(merged, SmallDelta.Merged(content, rows), SmallModel.Info);
                    var next = LoadDelta(before, $"delta-{number}", rows);
                    using var alone = ServingModel.Load(ModelArtifact.Open(merged));

                    Assert.Equal(Requests.Score(alone, candidates[0], candidates), Requests.Score(next, candidates[0], candidates));
                    Assert.Equal(Requests.UnknownItems(alone, candidates), Requests.UnknownItems(next, candidates));
                    Assert.Equal(expected, Requests.Score(full, candidates[0], candidates));
                    if (before != full)
                    {
                        before.Dispose();
                    }

                    before = next;
                }

                before.Dispose();
            },
            iter: 6,
            threads: 1);
    }

    [Fact]
    public void Score_ByADelta_ComputesTheItemsAloneThatItChanges()
    {
        var content = SmallModel.Content(SmallModel.Spec(ArchitectureKind.Mmoe));
        ArtifactWriter.Write(folder.Combine(SmallModel.Version), content, SmallModel.Info);
        using var full = ServingModel.Load(ModelArtifact.Open(folder.Combine(SmallModel.Version)), ItemBytes);
        FeatureRecords[] candidates = [.. Enumerable.Range(0, 50).Select(id => OfItem(content.Spec.Schema, id))];
        var hash = new KeyHash("item");
        EmbeddingTableData Row(long id, float value) => new("item", 8, [hash.Of(id)], [.. Enumerable.Repeat(value, 8)]);
        Requests.Score(full, candidates[0], candidates);
        Assert.Equal(50, full.ItemReads.Misses);

        // Known, and unknown before.
        using var first = LoadDelta(full, "first", [Row(7, 0.5f)]);
        using var second = LoadDelta(first, "second", [Row(44, 0.5f)]);
        foreach (var (model, misses) in new[] { (first, 51), (first, 51), (second, 52), (full, 52), (first, 52) })
        {
            Requests.Score(model, candidates[0], candidates);
            Assert.Equal(misses, model.ItemReads.Misses);
        }

        // The same row again is the same item; another one is not.
        using var again = LoadDelta(second, "again", [Row(7, 0.5f)]);
        Requests.Score(again, candidates[0], candidates);
        Assert.Equal(52, again.ItemReads.Misses);
        using var other = LoadDelta(again, "other", [Row(7, 0.25f)]);
        Requests.Score(other, candidates[0], candidates);
        Assert.Equal(53, other.ItemReads.Misses);
    }

    [Fact]
    public void Follow_OtherDeltas_ScoresByTheLastOne()
    {
        var content = SmallModel.Content(SmallModel.Spec(ArchitectureKind.Mmoe));
        ArtifactWriter.Write(folder.Combine(SmallModel.Version), content, SmallModel.Info);
        using var full = ServingModel.Load(ModelArtifact.Open(folder.Combine(SmallModel.Version)));
        using var delta = LoadDelta(full, "delta", SmallDelta.Rows(content, seed: 4, share: 1));
        using var another = ServingModel.Load(ModelArtifact.Open(folder.Combine(SmallModel.Version)));
        var candidate = OfItem(content.Spec.Schema, 3);
        var (encoder, session) = (full.CreateEncoder(), full.CreateSession());
        var batch = encoder.CreateBatch();
        encoder.Encode(batch, DrawnRecords.EventTime, candidate.User, candidate.Context, [candidate.Item], [candidate.Pair]);

        foreach (var model in new[] { full, delta, full })
        {
            session.Follow(model);
            session.Score(batch);
            Assert.Equal(Requests.Score(model, candidate, [candidate])[1], session.Output(1).ToArray());
        }

        Assert.NotEqual(Requests.Score(full, candidate, [candidate])[1], Requests.Score(delta, candidate, [candidate])[1]);
        Assert.Contains("graph of its own", Assert.Throws<ArgumentException>(() => session.Follow(another)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryLoadDelta_WithAGoldenScoreOff_Refuses()
    {
        var content = SmallModel.Content(SmallModel.Spec(ArchitectureKind.Mmoe));
        var rows = GoldenRows.Choose(content.Spec.Schema, []);
        ArtifactWriter.Write(folder.Combine(SmallModel.Version), content, SmallModel.Info);
        using var full = ServingModel.Load(ModelArtifact.Open(folder.Combine(SmallModel.Version)));
        var golden = content.Golden with { Rows = rows, Scores = [.. Enumerable.Repeat(0.1f, rows.Length * full.Outputs.Length)] };
        DeltaWriter.Write(folder.Combine("delta"), full.Artifact, [], golden, SmallDelta.Info);

        var fault = Assert.Throws<ArtifactException>(() => full.TryLoadDelta(folder.Combine("delta")));

        Assert.Equal("golden.bin", fault.File);
        DeltaWriter.SetGolden(folder.Combine("delta"), full.TryScoreDelta(folder.Combine("delta"))!);
        using var delta = full.TryLoadDelta(folder.Combine("delta"));
        Assert.Equal(0, delta!.GoldenDeviation);
    }

    private static FeatureRecords OfItem(FeatureSchema schema, long id)
    {
        var writer = new FeatureRecordWriter(schema.Fingerprint);
        writer.Write(5, id);
        return new FeatureRecords(default, default, writer.ToArray(), default);
    }

    private ServingModel LoadDelta(ServingModel before, string version, EmbeddingTableData[] rows)
    {
        DeltaWriter.Write(folder.Combine(version), before.Artifact.Base ?? before.Artifact, rows, before.Artifact.Golden, SmallDelta.Info with { Version = version });
        return before.TryLoadDelta(folder.Combine(version))!;
    }
}
