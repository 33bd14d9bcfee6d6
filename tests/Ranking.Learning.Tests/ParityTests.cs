using System.Collections.Immutable;
using Ranking.Inference;
using Ranking.Models;
using Ranking.Onnx.Tests;

namespace Ranking.Learning.Tests;

public sealed class ParityTests
{
    [Theory]
    [MemberData(nameof(LearnerTests.Architectures), MemberType = typeof(LearnerTests))]
    public void Predict_OnTrainedWeights_AgreesWithTheServingModelAndOnnx(ArchitectureKind kind, bool entireSpace) =>
        TrainAndCompare(TestModel.Spec(kind, entireSpace, Training));

    [Theory]
    [MemberData(nameof(TestModel.Interactions), MemberType = typeof(TestModel))]
    public void Predict_OnTrainedInteractions_AgreesWithTheServingModelAndOnnx(ArchitectureKind kind, string interactions) =>
        TrainAndCompare(TestModel.Spec(kind, entireSpace: true, Training, interactions: interactions), interactions == "ids left out" ? 0.1 : 0.01);

    [Fact]
    public void Predict_OnTrainedMembers_AgreesWithTheServingModelAndOnnx() =>
        TrainAndCompare(TestModel.Spec(ArchitectureKind.Mmoe, entireSpace: true, Training, dropout: 0.1f, interactions: "members"), 0.1);

    [Theory]
    [InlineData("")]
    [InlineData("members")]
    [InlineData("piecewise")]
    public void Predict_WithTrees_AgreesWithTheServingModelAndOnnx(string interactions) =>
        TrainAndCompare(TestModel.Spec(ArchitectureKind.Mmoe, entireSpace: true, Training, interactions: interactions) with { Trees = new TreesSpec() }, 0.2);

    [Theory]
    [InlineData(CalibrationMethod.Platt, null)]
    [InlineData(CalibrationMethod.Isotonic, 1)]
    [InlineData(CalibrationMethod.Isotonic, 3)]
    public void Predict_Calibrated_AgreesWithTheServingModelAndOnnx(CalibrationMethod method, int? by)
    {
        var calibration = new CalibrationSpec { Method = method, By = by, MinExamples = 200, Slices = 10 };
        TrainAndCompare(TestModel.Spec(ArchitectureKind.Mmoe, true, Training) with { Calibration = [calibration, calibration] });
    }

    private static TrainingSpec Training(TrainingSpec training) =>
        training with { EmbeddingLearningRate = 0.3f, LearningRate = 0.005f, KeepNegatives = 0.8f, Seed = 2 };

    private static void TrainAndCompare(ModelSpec spec, double extremes = 0.01)
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        using var learner = new Learner(spec, TestModel.Transforms(spec), new LearnerOptions());
        foreach (var batch in TestModel.Examples(40_000, seed: 1).Chunk(256))
        {
            learner.Step(batch);
        }

        if (spec.Trees is not null)
        {
            learner.Grow(TestModel.Examples(10_000, seed: 1));
        }

        learner.Calibrate(CalibratorTests.Predicted(learner, TestModel.Examples(10_000, seed: 4)));

        // Among these are users without a record, empty lists, and from here on ids never seen.
        var examples = TestModel.Examples(2000, seed: 5, unseen: true);
        var expected = TestModel.Predict(learner, examples);
        ArtifactWriter.Write(
            folder,
            new ArtifactContent
            {
                Spec = spec,
                Graph = learner.Graph,
                Transforms = learner.Transforms,
                Weights = learner.Weights,
                Tables = learner.Embeddings,
                Golden = new GoldenSet([], [.. learner.Outputs.Select(output => output.Name)], []),
            },
            new ArtifactInfo { Version = "1", TrainedThrough = 0, Gate = new GateResult(null, ImmutableSortedDictionary<string, double>.Empty) });
        using var artifact = ModelArtifact.Open(folder);
        using var model = ServingModel.Load(ModelArtifact.Open(folder));
        var (encoder, session) = (model.CreateEncoder(), model.CreateSession());
        var encoded = encoder.CreateBatch();
        encoder.Encode(encoded, examples);
        session.Score(encoded);
        var onnx = OnnxRun.Score(artifact, encoded, examples.Length);

        var width = learner.Outputs.Length;
        for (var output = 0; output < width; output++)
        {
            // Logits reach about 10 here: the tolerance is the probabilities' times that.
            var tolerance = learner.Outputs[output].Kind == OutputKind.Logit ? 1e-4 : 1e-5;
            for (var row = 0; row < examples.Length; row++)
            {
                Assert.Equal(expected[(row * width) + output], session.Output(output)[row], tolerance);
                Assert.Equal(session.Output(output)[row], onnx[output][row], tolerance);
            }
        }

        var clicks = Enumerable.Range(0, examples.Length).Select(row => expected[(row * width) + 1]).ToList();
        Assert.True(clicks.Min() < extremes && clicks.Max() > 1 - extremes, $"scores span only {clicks.Min()} to {clicks.Max()}.");
        Directory.Delete(folder, true);
    }
}
