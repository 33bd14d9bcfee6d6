using Ranking.Inference;
using Ranking.Learning;
using Ranking.Models;

namespace Ranking.Trainer.Tests;

public sealed class DeltaPublisherTests : IDisposable
{
    private readonly PublishingWorld world = new();
    private readonly Learner learner = PublishingWorld.Train(TinyWorld.Model, steps: 30);

    public void Dispose()
    {
        learner.Dispose();
        world.Dispose();
    }

    [Fact]
    public void Publish_AfterMoreSteps_HasTheRowsOfTheirIdsOverTheVersion()
    {
        var full = PublishFull(1_000);
        PublishingWorld.Step(learner, first: 30, steps: 2);
        using var deltas = world.Deltas;

        Assert.True(Publish(deltas, 1_100));
        PublishingWorld.Step(learner, first: 32, steps: 2);
        Assert.True(Publish(deltas, 1_200));

        using var served = ServingModel.Load(ModelArtifact.Open(world.Store.FolderOf(TinyWorld.Model.Name, world.Store.Served(TinyWorld.Model.Name)!)));
        Assert.Equal(("0001-0000001200-delta", full, full), (served.Version, served.Artifact.Base!.Version, served.Manifest.Info.Parent));
        Assert.Equal((learner.Clock, 1_200), (served.Manifest.Info.TrainedThrough, served.Manifest.Info.Examples));
        Assert.Equal(0, served.GoldenDeviation);
        foreach (var touched in learner.EmbeddingsSince(served.Artifact.Base.Manifest.Info.TrainedThrough))
        {
            var keys = new ulong[touched.Count];
            touched.CopyKeys(keys);
            var row = new float[touched.Dimension];
            Assert.NotEmpty(keys);
            foreach (var (place, key) in keys.Index())
            {
                served.Artifact.Table(touched.Name).Read(served.Artifact.Table(touched.Name).Find(key), row);
                Assert.All(touched.Row(place).ToArray().Zip(row), pair => Assert.InRange(MathF.Abs(pair.First - pair.Second), 0, 0.001f));
            }
        }

        Assert.All(served.Artifact.OwnTables, table => Assert.True(table.OwnCount > 0));
        Assert.NotEmpty(served.Artifact.OwnTables);
    }

    [Fact]
    public void Publish_WithoutAVersionOrAnyChange_IsNone()
    {
        using var deltas = world.Deltas;
        Assert.False(Publish(deltas, 900));

        PublishFull(1_000);
        Assert.False(Publish(deltas, 1_000));
        Assert.Single(world.Store.Versions(TinyWorld.Model.Name));
    }

    [Fact]
    public void Publish_OverAVersionOfAnotherRun_IsNone()
    {
        PublishFull(1_000);
        PublishingWorld.Step(learner, first: 30, steps: 2);
        using var deltas = world.Deltas;

        Assert.False(deltas.Publish(learner, PublishingWorld.PointOf(learner, 1_100, run: 2)));
    }

    [Fact]
    public void Publish_AfterAVersionThatTheGateRefused_IsNone()
    {
        var served = PublishFull(1_000);
        using var poisoned = PublishingWorld.Train(TinyWorld.Model, steps: 60, example => example with { Labels = example.Labels ^ 0b11 });
        Assert.False(world.Publish(poisoned, [.. PublishingWorld.Predicted(poisoned).Select(PublishingWorld.Later)], 2_000).IsAccepted);
        PublishingWorld.Step(learner, first: 30, steps: 2);
        using var deltas = world.Deltas;

        Assert.False(Publish(deltas, 2_100));
        Assert.Equal(served, world.Store.Served(TinyWorld.Model.Name));
    }

    [Fact]
    public void Publish_WhereServersWereLedBackToAnOlderVersion_IsNone()
    {
        var old = PublishFull(1_000);
        PublishingWorld.Step(learner, first: 30, steps: 10);
        Assert.True(world.Publish(learner, [.. PublishingWorld.Predicted(learner).Select(PublishingWorld.Later)], 2_000).IsAccepted);
        world.Store.Promote(TinyWorld.Model.Name, old);
        PublishingWorld.Step(learner, first: 40, steps: 2);
        using var deltas = world.Deltas;

        Assert.False(Publish(deltas, 2_100));
        Assert.Equal(old, world.Store.Served(TinyWorld.Model.Name));
    }

    [Fact]
    public void Publish_BehindWhatIsServedAsAfterARestart_IsNone()
    {
        PublishFull(1_000);
        PublishingWorld.Step(learner, first: 30, steps: 2);
        using (var deltas = world.Deltas)
        {
            Assert.True(Publish(deltas, 1_200));
        }

        using var restarted = world.Deltas;
        Assert.False(Publish(restarted, 1_100));
        Assert.False(Publish(restarted, 1_200));
        PublishingWorld.Step(learner, first: 32, steps: 2);
        Assert.True(Publish(restarted, 1_300));
        Assert.Equal("0001-0000001300-delta", world.Store.Served(TinyWorld.Model.Name));
    }

    [Fact]
    public void Publish_DeltaThatWasNeverPointedTo_IsServed()
    {
        var full = PublishFull(1_000);
        PublishingWorld.Step(learner, first: 30, steps: 2);
        using var deltas = world.Deltas;
        Publish(deltas, 1_100);
        world.Store.Promote(TinyWorld.Model.Name, full);

        Assert.True(Publish(deltas, 1_100));
        Assert.Equal("0001-0000001100-delta", world.Store.Served(TinyWorld.Model.Name));
    }

    [Fact]
    public void Publish_RowsThatAreNotFinite_IsNone()
    {
        PublishFull(1_000);
        using var wild = PublishingWorld.Train(TinyWorld.Model with { Training = TinyWorld.Model.Training with { LearningRate = 1e30f } }, steps: 40);
        using var deltas = world.Deltas;

        Assert.Contains(wild.EmbeddingsSince(0), table => Enumerable.Range(0, table.Count).Any(place => table.Row(place).Contains(float.NaN)));
        Assert.False(deltas.Publish(wild, PublishingWorld.PointOf(wild, 1_100)));
    }

    [Fact]
    public void Publish_OverADamagedVersion_IsNone()
    {
        var full = PublishFull(1_000);
        PublishingWorld.Step(learner, first: 30, steps: 2);
        var rows = Path.Combine(world.Store.FolderOf(TinyWorld.Model.Name, full), "embeddings", "item.rows");
        File.WriteAllBytes(rows, File.ReadAllBytes(rows)[..^1]);
        using var deltas = world.Deltas;

        Assert.False(Publish(deltas, 1_100));
    }

    /// <summary>The gate compares versions with versions: what a delta has learned meanwhile leaves it no examples.</summary>
    [Fact]
    public void Publish_VersionAfterDeltas_FollowsAndIsComparedWithTheVersionBefore()
    {
        var full = PublishFull(1_000);
        PublishingWorld.Step(learner, first: 30, steps: 20);
        using var deltas = world.Deltas;
        Assert.True(Publish(deltas, 2_000));

        var next = world.Publish(learner, PublishingWorld.Predicted(learner), 2_000);

        Assert.NotEmpty(next.Losses);
        Assert.Equal(full, world.Store.Versions(TinyWorld.Model.Name).Single(version => version.Name == next.Version).Parent);
        Assert.Equal(next.IsAccepted ? next.Version : "0001-0000002000-delta", world.Store.Served(TinyWorld.Model.Name));
    }

    private bool Publish(DeltaPublisher deltas, int number) => deltas.Publish(learner, PublishingWorld.PointOf(learner, number));

    private string PublishFull(int number)
    {
        var published = world.Publish(learner, PublishingWorld.Predicted(learner), number);
        Assert.Empty(published.Reasons);
        return published.Version;
    }
}
