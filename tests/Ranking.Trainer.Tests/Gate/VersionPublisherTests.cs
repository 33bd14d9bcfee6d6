using Ranking.Core;
using Ranking.Inference;
using Ranking.Models;

namespace Ranking.Trainer.Tests;

public sealed class VersionPublisherTests
{
    private static readonly ModelSpec Int8 = TinyWorld.Model with
    {
        Precision = ScoringPrecision.Int8,
        Architecture = TinyWorld.Model.Architecture with { Expert = [16, 16], Tower = [8] },
    };

    [Fact]
    public void Publish_FirstVersionBelowTheBaseRate_IsServed()
    {
        using var world = new PublishingWorld();
        using var learner = PublishingWorld.Train(TinyWorld.Model, steps: 60);
        var published = world.Publish(learner, PublishingWorld.Predicted(learner), 1);
        Assert.Empty(published.Reasons);
        Assert.Equal(published.Version, world.Store.Served(TinyWorld.Model.Name));
        Assert.All(published.Losses, loss => Assert.True(loss.LogLoss < loss.Reference));
    }

    [Fact]
    public void Publish_FirstVersionThatKnowsNothing_IsRefusedAgainstTheBaseRate()
    {
        using var world = new PublishingWorld();
        using var learner = PublishingWorld.Train(TinyWorld.Model, steps: 0);
        var published = world.Publish(learner, PublishingWorld.Predicted(learner), 1);
        Assert.Contains(published.Reasons, reason => reason.Contains("base rate", StringComparison.Ordinal));
        Assert.Null(world.Store.Served(TinyWorld.Model.Name));
    }

    [Fact]
    public void Publish_PoisonedLabels_IsRefusedWithTheReasonOnTheVersionAndTheServedOneStays()
    {
        using var world = new PublishingWorld();
        using var good = PublishingWorld.Train(TinyWorld.Model, steps: 60);
        var served = world.Publish(good, PublishingWorld.Predicted(good), 1).Version;
        using var poisoned = PublishingWorld.Train(TinyWorld.Model, steps: 60, example => example with { Labels = example.Labels ^ 0b11 });
        var published = world.Publish(poisoned, [.. PublishingWorld.Predicted(poisoned).Select(PublishingWorld.Later)], 2);
        Assert.False(published.IsAccepted);
        Assert.Equal(served, world.Store.Served(TinyWorld.Model.Name));
        var stored = Assert.Single(world.Store.Versions(TinyWorld.Model.Name), version => version.Name == published.Version);
        Assert.Contains("above the served version's", stored.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Publish_WeightsThatAreNotFinite_IsRefusedWithTheReasonOnTheVersion()
    {
        using var world = new PublishingWorld();
        var model = TinyWorld.Model with { Training = TinyWorld.Model.Training with { LearningRate = 1e30f } };
        using var learner = PublishingWorld.Train(model, steps: 20);
        var published = world.Publish(learner, PublishingWorld.Predicted(learner), 1);
        Assert.False(published.IsAccepted);
        Assert.Contains("not finite", world.Store.Versions(model.Name)[0].Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Publish_SamePointTwice_KeepsTheFirst()
    {
        using var world = new PublishingWorld();
        using var learner = PublishingWorld.Train(TinyWorld.Model, steps: 60);
        var first = world.Publish(learner, PublishingWorld.Predicted(learner), 1);
        var second = world.Publish(learner, PublishingWorld.Predicted(learner), 1);
        Assert.Equal(first.Version, second.Version);
        Assert.Single(world.Store.Versions(TinyWorld.Model.Name));
    }

    [Fact]
    public void Publish_AcceptedVersionThatWasNeverPointedTo_IsServed()
    {
        using var world = new PublishingWorld();
        using var learner = PublishingWorld.Train(TinyWorld.Model, steps: 60);
        var version = world.Publish(learner, PublishingWorld.Predicted(learner), 1).Version;
        world.LosePointer();
        world.Publish(learner, PublishingWorld.Predicted(learner), 1);
        Assert.Equal(version, world.Store.Served(TinyWorld.Model.Name));
    }

    [Fact]
    public void Publish_PrecisionInt8_IsServedWithTheRangesOfTheLog()
    {
        using var world = new PublishingWorld(Int8);
        using var learner = PublishingWorld.Train(Int8, steps: 60);
        var published = world.Publish(learner, PublishingWorld.Predicted(learner), 1);

        Assert.Empty(published.Reasons);
        using var served = ServingModel.Load(ModelArtifact.Open(world.Store.FolderOf(Int8.Name, published.Version)));
        Assert.Equal(["expert.0.1.weight", "expert.1.1.weight"], served.Manifest.Quantization!.Ranges.Keys);
        Assert.Equal(served.GoldenDeviation, served.Manifest.Quantization.Tolerance);
        Assert.InRange(served.GoldenDeviation, 1e-6f, 0.05f);
    }

    [Fact]
    public void Publish_PrecisionInt8WhoseAucFalls_IsRefusedWithBothFigures()
    {
        using var world = new PublishingWorld(Int8);
        using var learner = PublishingWorld.Train(Int8, steps: 60);
        // One price beyond all others takes the integers for itself: the rest of the inputs becomes 0.
        var writer = new FeatureRecordWriter(Int8.Schema.Fingerprint);
        writer.Write(3, 1e7);
        Example[] examples = [.. PublishingWorld.Predicted(learner)];
        examples[0] = examples[0] with { Features = examples[0].Features with { Item = writer.ToArray() } };

        var published = world.Publish(learner, examples, 1);

        Assert.Contains(published.Reasons, reason => reason.StartsWith("precision int8: ctr's AUC on", StringComparison.Ordinal) && reason.EndsWith("set model.precision to float32", StringComparison.Ordinal));
        Assert.Null(world.Store.Served(Int8.Name));
    }

    [Fact]
    public void Publish_PrecisionInt8WithoutExamples_IsRefused()
    {
        using var world = new PublishingWorld(Int8);
        using var learner = PublishingWorld.Train(Int8, steps: 60);
        var published = world.Publish(learner, [], 1);
        Assert.Contains("no examples to measure", Assert.Single(published.Reasons), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ScoringPrecision.Float32, RowPrecision.Float16)]
    [InlineData(ScoringPrecision.Float32, RowPrecision.Int8)]
    [InlineData(ScoringPrecision.Float16, RowPrecision.Float32)]
    [InlineData(ScoringPrecision.Int8, RowPrecision.Float16)]
    public void Publish_RoundedModel_IsServedWithinItsOwnTolerance(ScoringPrecision scoring, RowPrecision rows)
    {
        var model = Rounded(scoring, rows);
        using var world = new PublishingWorld(model);
        using var learner = PublishingWorld.Train(model, steps: 60);
        var published = world.Publish(learner, PublishingWorld.Predicted(learner), 1);

        Assert.Empty(published.Reasons);
        using var artifact = ModelArtifact.Open(world.Store.FolderOf(model.Name, published.Version));
        Assert.All(model.Tables, table => Assert.Equal(rows, artifact.Table(table.Name).Precision));
        using var served = ServingModel.Load(ModelArtifact.Open(artifact.Folder));
        Assert.Equal(served.GoldenDeviation, served.Manifest.Quantization!.Tolerance);
        Assert.InRange(served.GoldenDeviation, 1e-7f, 0.05f);
    }

    [Fact]
    public void Publish_RoundedTablesAfterAnother_IsComparedWithWhatIsServed()
    {
        var model = Rounded(ScoringPrecision.Int8, RowPrecision.Float16);
        using var world = new PublishingWorld(model);
        using var learner = PublishingWorld.Train(model, steps: 60);
        world.Publish(learner, PublishingWorld.Predicted(learner), 1);
        var second = world.Publish(learner, [.. PublishingWorld.Predicted(learner).Select(PublishingWorld.Later)], 2);

        Assert.Empty(second.Reasons);
        Assert.Equal(second.Version, world.Store.Served(model.Name));
    }

    private static ModelSpec Rounded(ScoringPrecision scoring, RowPrecision rows) => Int8 with
    {
        Precision = scoring,
        Tables = [.. Int8.Tables.Select(table => table with { Precision = rows })],
    };
}
