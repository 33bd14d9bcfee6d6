using Ranking.Core;
using Ranking.Models;
using Ranking.Models.Tests;
using Ranking.Testing;

namespace Ranking.Inference.Tests;

public sealed class QuantizedLayersTests
{
    private const float Close = 0.05f;

    [Theory]
    [InlineData(ArchitectureKind.SingleTask, "bottom.ctr.1.weight bottom.cvr.1.weight")]
    [InlineData(ArchitectureKind.SharedBottom, "bottom.1.weight")]
    [InlineData(ArchitectureKind.Mmoe, "expert.0.1.weight expert.1.1.weight expert.2.1.weight")]
    public void RangesOf_Examples_AreThoseOfWhatReadsAReluForEveryCandidate(ArchitectureKind kind, string layers)
    {
        using var folder = new TemporaryFolder();
        using var model = Requests.ServeRounded(folder, SmallModel.Content(SmallModel.Spec(kind)), Machine.Widest);

        var ranges = model.Manifest.Quantization!.Ranges;

        Assert.Equal(layers, string.Join(' ', ranges.Keys));
        Assert.All(ranges.Values, range => Assert.InRange(range, 0.1f, 1000));
    }

    [Theory]
    [InlineData(ArchitectureKind.SingleTask)]
    [InlineData(ArchitectureKind.SharedBottom)]
    [InlineData(ArchitectureKind.Mmoe)]
    public void Score_InEightBits_IsCloseToThatIn32AndNotTheSame(ArchitectureKind kind)
    {
        using var folder = new TemporaryFolder();
        using var second = new TemporaryFolder();
        var content = SmallModel.Content(SmallModel.Spec(kind));
        using var exact = Requests.Serve(folder, content, Machine.Widest);
        using var quantized = Requests.ServeRounded(second, content, Machine.Widest);
        var random = new Random(9);
        FeatureRecords[] candidates = [.. Enumerable.Range(0, 200).Select(_ => DrawnRecords.Draw(content.Spec.Schema, random))];

        var (expected, found) = (Requests.Score(exact, candidates[0], candidates), Requests.Score(quantized, candidates[0], candidates));

        foreach (var (output, index) in exact.Outputs.Select((output, index) => (output, index)).Where(pair => pair.output.Kind is OutputKind.Probability or OutputKind.Joint))
        {
            Assert.All(expected[index].Zip(found[index]), pair => Assert.Equal(pair.First, pair.Second, Close));
            Assert.True(expected[index].Max() - expected[index].Min() > 2 * Close, $"scores of {output.Name} that hardly differ would prove little");
            Assert.NotEqual(expected[index], found[index]);
        }
    }

    [Fact]
    public void Load_QuantizedFartherThanItsTolerance_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var content = ServingModelTests.WithGolden(SmallModel.Content(SmallModel.Spec(ArchitectureKind.Mmoe)));
        float deviation;
        using (var model = Requests.ServeRounded(folder, content, Machine.Widest))
        {
            deviation = model.GoldenDeviation;
            Assert.InRange(deviation, 1e-5f, Close);
            ArtifactWriter.SetQuantization(folder.Path, model.Manifest.Quantization! with { Tolerance = deviation });
        }

        using (var reloaded = ServingModel.Load(ModelArtifact.Open(folder.Path)))
        {
            ArtifactWriter.SetQuantization(folder.Path, reloaded.Manifest.Quantization! with { Tolerance = MathF.BitDecrement(deviation) });
        }

        Assert.Equal("golden.bin", Assert.Throws<ArtifactException>(() => ServingModel.Load(ModelArtifact.Open(folder.Path))).File);
    }
}
