using System.Diagnostics;
using CsCheck;
using Ranking.Core;
using Ranking.Models;
using Ranking.Models.Tests;
using Ranking.Testing;

namespace Ranking.Inference.Tests;

public sealed class ScoringBitsTests
{
    private const string ScoresTo = "RANKING_TEST_SCORES_TO";

    public static MatrixTheoryData<ArchitectureKind, bool, ScoringPrecision> Networks =>
        new(Enum.GetValues<ArchitectureKind>(), [false, true], Enum.GetValues<ScoringPrecision>());

    [Theory]
    [MemberData(nameof(Networks))]
    public void Score_OfACandidate_HasTheSameBitsAloneAtEveryPlaceAndOnEveryVectorWidth(ArchitectureKind kind, bool interacts, ScoringPrecision precision)
    {
        using var folder = new TemporaryFolder();
        var content = SmallModel.Content(SmallModel.SpecWithSequence(kind, interacts: interacts));
        using var scalar = precision == ScoringPrecision.Float32
            ? Requests.Serve(folder, content, VectorWidth.Scalar)
            : Requests.ServeRounded(folder, content, VectorWidth.Scalar, precision, roundsTables: true);
        ServingModel[] others =
        [
            .. from width in Enum.GetValues<VectorWidth>()
               from itemCacheBytes in new[] { 0L, 10_000, 10_000_000 }
               select ServingModel.Load(ModelArtifact.Open(folder.Path), width, itemCacheBytes),
        ];
        Gen.Select(Gen.Int, Gen.Int[1, 130]).Sample(
            (seed, count) =>
            {
                var random = new Random(seed);
                FeatureRecords[] candidates = [.. Enumerable.Range(0, count).Select(_ => DrawnRecords.Draw(content.Spec.Schema, random))];
                var user = candidates[0];
                var alone = candidates.Select(candidate => Requests.Score(scalar, user, [candidate])).ToArray();
                foreach (var model in others)
                {
                    Assert.Equal(Bits(alone), Bits(Requests.Score(model, user, candidates)));
                    Assert.Equal(Bits(alone.Reverse()), Bits(Requests.Score(model, user, [.. candidates.Reverse()])));
                }
            },
            iter: 12,
            threads: 1);
        Assert.All(others, model => Assert.Equal(model.ItemReads.Misses > 0, model.ItemReads.Hits > 0));
        Assert.Contains(others, model => model.ItemReads.Hits > 0);
        Array.ForEach(others, model => model.Dispose());
    }

    [Fact]
    public void Score_OfVersionsThatShareTheItemsMemory_HasTheBitsOfEachAlone()
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        using var third = new TemporaryFolder();
        var spec = SmallModel.Spec(ArchitectureKind.Mmoe);
        var random = new Random(21);
        FeatureRecords[] candidates = [.. Enumerable.Range(0, 60).Select(_ => DrawnRecords.Draw(spec.Schema, random))];
        using var alone = Requests.Serve(first, SmallModel.Content(spec), Machine.Widest);
        using var otherAlone = Requests.Serve(second, SmallModel.Content(spec, seed: 2), Machine.Widest);
        using var wide = Requests.Serve(third, SmallModel.Content(SmallModel.Spec(ArchitectureKind.SharedBottom)), Machine.Widest);
        // Too little for the items of both: each gives up some of the other's.
        const int Bytes = 60_000;
        var before = ServingModel.Load(ModelArtifact.Open(first.Path), Bytes);
        var expected = Bits(Requests.Score(alone, candidates[0], candidates));

        Assert.Equal(expected, Bits(Requests.Score(before, candidates[0], candidates)));
        using var after = ServingModel.Load(ModelArtifact.Open(second.Path), Bytes, before);
        using var another = ServingModel.Load(ModelArtifact.Open(third.Path), Bytes, before);
        Assert.Equal(Bits(Requests.Score(otherAlone, candidates[0], candidates)), Bits(Requests.Score(after, candidates[0], candidates)));
        Assert.Equal(expected, Bits(Requests.Score(before, candidates[0], candidates)));
        Assert.Equal(before.ItemReads, after.ItemReads);
        Assert.Equal((0, 0), another.ItemReads);
        before.Dispose();
        Assert.Equal(Bits(Requests.Score(otherAlone, candidates[0], candidates)), Bits(Requests.Score(after, candidates[0], candidates)));
        Assert.Equal(Bits(Requests.Score(wide, candidates[0], candidates)), Bits(Requests.Score(another, candidates[0], candidates)));
        Assert.True(after.ItemReads.Hits > 0);
    }

    [Fact]
    public void Score_OfThousands_HasTheBitsOfEachAlone()
    {
        using var folder = new TemporaryFolder();
        var content = SmallModel.Content(SmallModel.SpecWithSequence(ArchitectureKind.Mmoe));
        using var model = Requests.Serve(folder, content, Machine.Widest);
        using var cached = ServingModel.Load(ModelArtifact.Open(folder.Path), itemCacheBytes: 5_000_000);
        var random = new Random(5);
        FeatureRecords[] candidates = [.. Enumerable.Range(0, 2000).Select(_ => DrawnRecords.Draw(content.Spec.Schema, random))];
        var alone = Bits(candidates.Select(candidate => Requests.Score(model, candidates[0], [candidate])));

        Assert.Equal(alone, Bits(Requests.Score(model, candidates[0], candidates)));
        Assert.Equal(alone, Bits(Requests.Score(cached, candidates[0], candidates)));
        Assert.Equal(alone, Bits(Requests.Score(cached, candidates[0], candidates)));
        Assert.Equal(Requests.UnknownItems(model, candidates), Requests.UnknownItems(cached, candidates));
        Assert.Contains(true, Requests.UnknownItems(cached, candidates));
        Assert.True(cached.ItemReads.Hits > 500, $"{cached.ItemReads}");
    }

    [Fact]
    public void Score_WithoutUserAndContext_HasTheBitsOfEachAlone()
    {
        using var folder = new TemporaryFolder();
        var spec = SmallModel.Spec(ArchitectureKind.Mmoe);
        var content = SmallModel.Content(spec with { Architecture = spec.Architecture with { LeaveOut = [1, 2, 3, 4] } });
        using var model = Requests.Serve(folder, content, Machine.Widest);
        using var cached = ServingModel.Load(ModelArtifact.Open(folder.Path), itemCacheBytes: 5_000_000);
        var random = new Random(5);
        FeatureRecords[] candidates = [.. Enumerable.Range(0, 130).Select(_ => DrawnRecords.Draw(content.Spec.Schema, random))];
        var alone = Bits(candidates.Select(candidate => Requests.Score(model, candidates[0], [candidate])));

        Assert.Equal(alone, Bits(Requests.Score(model, candidates[0], candidates)));
        Assert.Equal(alone, Bits(Requests.Score(cached, candidates[0], candidates)));
        Assert.Equal(alone, Bits(Requests.Score(cached, candidates[0], candidates)));
        Assert.True(cached.ItemReads.Hits > 0, $"{cached.ItemReads}");
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableAVXVNNI")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public async Task Score_WithoutSomeInstructions_HasTheSameBits(string switchedOff)
    {
        if (Environment.GetEnvironmentVariable(ScoresTo) is { } file)
        {
            await File.WriteAllTextAsync(file, ScoresOfThisProcess(), TestContext.Current.CancellationToken);
            return;
        }

        using var folder = new TemporaryFolder();
        var start = new ProcessStartInfo(
            Environment.ProcessPath!, ["--filter-method", $"*.{nameof(Score_WithoutSomeInstructions_HasTheSameBits)}"])
        {
            RedirectStandardOutput = true,
            Environment = { [switchedOff] = "0", [ScoresTo] = folder.Combine("scores") },
        };
        using var child = Process.Start(start)!;
        var output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(child.ExitCode == 0, output);
        Assert.Equal(ScoresOfThisProcess(), await File.ReadAllTextAsync(folder.Combine("scores"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Score_OfExamples_HasTheBitsOfTheirRequests()
    {
        using var folder = new TemporaryFolder();
        var content = SmallModel.Content(SmallModel.SpecWithSequence(ArchitectureKind.Mmoe));
        using var model = Requests.Serve(folder, content, Machine.Widest);
        var random = new Random(3);
        Example[] examples = [.. Enumerable.Range(0, 23).Select(number => Requests.ExampleOf(DrawnRecords.Draw(content.Spec.Schema, random), number))];
        var (encoder, session) = (model.CreateEncoder(), model.CreateSession());
        var batch = encoder.CreateBatch();

        encoder.Encode(batch, examples);
        session.Score(batch);

        float[][] together = [.. model.Outputs.Select((_, index) => session.Output(index).ToArray())];
        Assert.Equal(Bits(examples.Select(example => Requests.Score(model, example.Features, [example.Features]))), Bits(together));
    }

    private static string ScoresOfThisProcess()
    {
        using var folder = new TemporaryFolder();
        var content = SmallModel.Content(SmallModel.SpecWithSequence(ArchitectureKind.Mmoe, interacts: true));
        using var model = Requests.Serve(folder, content, Machine.Widest);
        using var second = new TemporaryFolder();
        using var quantized = Requests.ServeRounded(second, content, Machine.Widest, roundsTables: true);
        var random = new Random(11);
        FeatureRecords[] candidates = [.. Enumerable.Range(0, 100).Select(_ => DrawnRecords.Draw(content.Spec.Schema, random))];
        return string.Join(' ', new[] { model, quantized }.SelectMany(served => Bits(Requests.Score(served, candidates[0], candidates))));
    }

    // [candidates][outputs][1], as one list by output, then candidate.
    private static int[] Bits(IEnumerable<float[][]> alone) =>
        Bits([.. Enumerable.Range(0, alone.First().Length).Select(output => alone.Select(scores => scores[output][0]).ToArray())]);

    private static int[] Bits(float[][] scores) => [.. scores.SelectMany(values => values).Select(BitConverter.SingleToInt32Bits)];
}
