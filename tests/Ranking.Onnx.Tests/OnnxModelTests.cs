using Ranking.Core;
using Ranking.Inference;
using Ranking.Models;
using Ranking.Models.Tests;
using Ranking.Testing;

namespace Ranking.Onnx.Tests;

public sealed class OnnxModelTests
{
    public static MatrixTheoryData<ArchitectureKind, bool> Networks => new(Enum.GetValues<ArchitectureKind>(), [false, true]);

    [Theory]
    [MemberData(nameof(Networks))]
    public void Write_Architecture_RunsToTheScoresOfTheServingModel(ArchitectureKind kind, bool interacts) =>
        Compare(SmallModel.Content(SmallModel.SpecWithSequence(kind, keepNegatives: 0.25f, interacts)));

    [Theory]
    [MemberData(nameof(Networks))]
    public void Write_Split_RunsToTheScoresOfTheServingModel(ArchitectureKind kind, bool interacts) =>
        Compare(SmallModel.Content(SmallModel.SpecWithSequence(kind, keepNegatives: 0.25f, interacts)), isSplit: true);

    [Fact]
    public void InputsOf_AModel_AreWhatTheFeedReads()
    {
        using var folder = new TemporaryFolder();
        using var artifact = Open(folder, SmallModel.Content(SmallModel.SpecWithSequence(ArchitectureKind.SingleTask)));

        var inputs = OnnxModel.InputsOf(artifact);
        var (batch, rows) = Encoded(artifact);

        Assert.Equal(inputs.Select(input => (input.Name, input.Rank)), new OnnxFeed(artifact).Read(batch, rows).Select(tensor => (tensor.Name, tensor.Shape.Length)));
        Assert.Equal(inputs.Count, inputs.Select(input => input.Name).Distinct().Count());
    }

    private static void Compare(ArtifactContent content, bool isSplit = false)
    {
        using var folder = new TemporaryFolder();
        using var artifact = Open(folder, content);
        var (batch, rows) = Encoded(artifact);
        using var model = ServingModel.Load(ModelArtifact.Open(artifact.Folder));
        var session = model.CreateSession();
        session.Score(batch);

        foreach (var (number, scores) in OnnxRun.Score(artifact, batch, rows, isSplit).Index())
        {
            var expected = session.Output(number).ToArray();
            Assert.All(scores.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
            Assert.True(expected.Distinct().Count() > rows / 2, "scores that hardly differ would prove little");
        }
    }

    private static ModelArtifact Open(TemporaryFolder folder, ArtifactContent content)
    {
        ArtifactWriter.Write(folder.Path, content, SmallModel.Info);
        return ModelArtifact.Open(folder.Path);
    }

    private static (EncodedBatch Batch, int Rows) Encoded(ModelArtifact artifact)
    {
        var random = new Random(7);
        var candidates = Enumerable.Range(0, 100).Select(_ => DrawnRecords.Draw(artifact.Spec.Schema, random)).ToArray();
        var encoder = new FeatureEncoder(artifact.Spec.Schema, artifact.Transforms, serving: true);
        var batch = encoder.CreateBatch();
        encoder.Encode(
            batch, DrawnRecords.EventTime, candidates[0].User, candidates[0].Context,
            candidates.Select(candidate => candidate.Item).ToArray(), candidates.Select(candidate => candidate.Pair).ToArray());
        return (batch, candidates.Length);
    }
}
