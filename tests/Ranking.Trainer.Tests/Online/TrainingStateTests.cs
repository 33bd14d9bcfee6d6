using Ranking.Core;
using Ranking.Testing;

namespace Ranking.Trainer.Tests;

/// <summary>Training goes on from a checkpoint only under what it was made under.</summary>
public sealed class TrainingStateTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task TrainAsync_AnotherStepSizeThanTheCheckpoints_IsRefused()
    {
        await TrainAsync(TinyWorld.Job);
        var changed = TinyWorld.Model with { Training = TinyWorld.Model.Training with { LearningRate = 0.5f } };
        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => TrainAsync(TinyWorld.Job with { Model = changed }));
        Assert.Contains("train anew with another folder of checkpoints", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrainAsync_AnotherObjectiveOrGate_GoesOn()
    {
        await TrainAsync(TinyWorld.Job);
        var changed = TinyWorld.Model with
        {
            Objectives = [TinyWorld.Model.Objectives[0] with { Formula = "ctr" }],
            Training = TinyWorld.Model.Training with { GateTolerance = 0.5 },
        };
        await TrainAsync(TinyWorld.Job with { Model = changed });
    }

    [Fact]
    public async Task TrainAsync_OtherEntityTablesThanTheCheckpoints_IsRefused()
    {
        await TrainAsync(TinyWorld.Job with { Entities = new Tables(1) });
        await TrainAsync(TinyWorld.Job with { Entities = new Tables(1) });
        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => TrainAsync(TinyWorld.Job with { Entities = new Tables(2) }));
        Assert.Contains("the tables of users or items are others", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrainAsync_StoppedBeforeAnyLogIsOpen_EndsWithoutACheckpoint()
    {
        var schema = new FeatureSchema(TinyWorld.Model.Schema.Features.Where(feature => feature.Kind == FeatureKind.Categorical));
        await TrainAsync(TinyWorld.Job with { Model = TinyWorld.Model with { Schema = schema } }, isStopped: true);
        Assert.Null(new CheckpointFolder(folder.Combine("checkpoints")).FindNewest(Assert.Fail));
    }

    public void Dispose() => folder.Dispose();

    private async Task TrainAsync(TrainingJob job, bool isStopped = false)
    {
        var options = new TrainerOptions { StoreFolder = folder.Combine("store"), CheckpointFolder = folder.Combine("checkpoints"), Threads = 1 };
        var log = new TinyWorld(500).Entries;
        var stage = new LogStage("memory", (from, _) => new(new ShuffledLog(log, from, seed: 1)));
        await new TrainerHost(job, options, new DroppedLetters(), TimeProvider.System).TrainAsync([stage], new Progress<TrainingStatus>(), Assert.Fail, new CancellationToken(isStopped));
    }

    private sealed class Tables(byte content) : IEntityTables
    {
        public ReadOnlyMemory<byte> Hash => new[] { content };

        public ReadOnlyMemory<byte> User(string userId) => default;

        public ReadOnlyMemory<byte> Item(string itemId) => default;
    }
}
