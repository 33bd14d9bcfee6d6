using Ranking.Core;
using Ranking.Testing;

namespace Ranking.Trainer.Tests;

public sealed class EpochTrainingTests : IProgress<TrainingStage>
{
    private readonly List<TrainingStage> told = [];

    [Fact]
    public async Task TrainEpochsAsync_TwoEpochs_TellsHowFarEachIs()
    {
        using var folder = new TemporaryFolder();
        var options = new TrainerOptions { StoreFolder = folder.Combine("store"), CheckpointFolder = folder.Combine("checkpoints"), Threads = 1 };
        var job = TinyWorld.Job with { Model = TinyWorld.Model with { Training = TinyWorld.Model.Training with { Epochs = 2 } } };
        var results = new List<EpochResult>();
        var stage = new LogStage("memory", (from, _) => ValueTask.FromResult<IEventLog>(new ShuffledLog(new TinyWorld(1_000).Entries, from, seed: 1)));
        await new TrainerHost(job, options, new DroppedLetters(), TimeProvider.System) { Stages = this }
            .TrainEpochsAsync(stage, results.Add, TestContext.Current.CancellationToken);

        Assert.Equal(["Epoch 1 of 2", "Epoch 2 of 2"], told.Select(stage => stage.Name).Distinct());
        foreach (var epoch in told.GroupBy(stage => stage.Name))
        {
            Assert.Equal(epoch.OrderBy(stage => stage.Done), epoch);
            Assert.Equal((1, results[0].Examples), (epoch.Last().Done, epoch.Last().Examples));
        }
    }

    void IProgress<TrainingStage>.Report(TrainingStage value) => told.Add(value);
}
