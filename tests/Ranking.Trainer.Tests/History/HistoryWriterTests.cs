using Ranking.Core;
using Ranking.Models;
using Ranking.Testing;

namespace Ranking.Trainer.Tests;

public sealed class HistoryWriterTests
{
    private const int Count = 10, Rate = 11, ByItem = 12, Pair = 13, Seen = 14;
    private static readonly IReadOnlyList<LogEntry> log = new TinyWorld(1_500).Entries;
    private static readonly TrainingJob job = TinyWorld.Job with { Model = Declare(TinyWorld.Model) };

    [Fact]
    public async Task TrainAsync_ShuffledArrivalsRestartsAndFailures_LeavesTheSameHistory()
    {
        var expected = await TrainAsync(seed: 0, interruptions: 0, failEvery: 0);
        Assert.Equal(10, expected.Entities.Keys.Count(key => key.Entity == EntityKind.User));
        Assert.Equal(20, expected.Entities.Keys.Count(key => key.Entity == EntityKind.Item));
        Assert.NotEmpty(expected.Attributes);
        for (var seed = 1; seed <= 6; seed++)
        {
            var actual = await TrainAsync(seed, interruptions: seed % 3, failEvery: seed % 2 == 0 ? 3 : 0);
            Assert.Equal(expected.Describe(), actual.Describe());
        }
    }

    [Fact]
    public async Task TrainAsync_StoreThatIsBeyondTheLog_IsLeftAndTold()
    {
        var store = new MemoryHistoryStore();
        await store.ClaimAsync(MemoryHistoryStore.AnyName, 1, TestContext.Current.CancellationToken);
        await store.WriteAsync(
            MemoryHistoryStore.AnyName, 1, new AttributeChanges(new HistoryHead(7, new HistoryPosition(32_503_680_000_000, default)), []), [], TimeSpan.FromDays(1), TestContext.Current.CancellationToken);
        List<string> told = [];
        await TrainAsync(store, seed: 0, interruptions: 0, told);
        Assert.Empty(store.Entities);
        Assert.Contains(told, text => text.Contains("nothing was written", StringComparison.Ordinal));
        Assert.Equal(1, store.Writer);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task TrainAsync_HistoryThatAnotherTakes_TrainsToTheEndAndIsTold(int takenAt)
    {
        var store = new MemoryHistoryStore { TakenAt = takenAt };
        List<string> told = [];
        await TrainAsync(store, seed: 0, interruptions: 0, told);
        Assert.Contains("another trainer writes the history", Assert.Single(told), StringComparison.Ordinal);
        Assert.Equal(takenAt, store.Writes);
    }

    [Fact]
    public async Task TrainAsync_StoreThatIsDown_TrainsToTheEndAndFailsThere()
    {
        var store = new MemoryHistoryStore { FailEvery = 1 };
        List<string> told = [];
        var failure = await Assert.ThrowsAsync<FeatureStoreException>(() => TrainAsync(store, seed: 0, interruptions: 0, told));
        Assert.Contains("the store is down", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrainEpochsAsync_FreezeHistory_StopsWithTheTrainSplitForValidationToo()
    {
        const int Train = 1_200, Validate = 200;
        var (trained, _) = await TrainEpochsAsync(new TinyWorld(Train, history: Train), isFrozen: false);
        var (running, runningLoss) = await TrainEpochsAsync(new TinyWorld(Train + Validate, history: Train), isFrozen: false);
        var (frozen, frozenLoss) = await TrainEpochsAsync(new TinyWorld(Train + Validate, history: Train), isFrozen: true);

        Assert.NotEqual(trained, running);
        Assert.Equal(trained, frozen);
        Assert.NotEqual(runningLoss, frozenLoss);
    }

    private static async Task<(string History, double ValidationLoss)> TrainEpochsAsync(TinyWorld world, bool isFrozen)
    {
        using var folder = new TemporaryFolder();
        var options = new TrainerOptions { StoreFolder = folder.Combine("store"), CheckpointFolder = folder.Combine("checkpoints"), Threads = 1 };
        var store = new MemoryHistoryStore();
        var stage = new LogStage("memory", (from, _) => ValueTask.FromResult<IEventLog>(new ShuffledLog(world.Entries, from, seed: 1)));
        List<EpochResult> epochs = [];
        var once = job with
        {
            Split = TinyWorld.OnlineJob.Split,
            Model = job.Model with { Training = job.Model.Training with { Epochs = 2, FreezeHistory = isFrozen } },
        };
        await new TrainerHost(once, options, new DroppedLetters(), TimeProvider.System) { History = store }
            .TrainEpochsAsync(stage, epochs.Add, _ => { }, TestContext.Current.CancellationToken);
        return (store.Describe(), epochs[0].ValidationLoss);
    }

    private static async Task<MemoryHistoryStore> TrainAsync(int seed, int interruptions, int failEvery)
    {
        var store = new MemoryHistoryStore { FailEvery = failEvery };
        List<string> told = [];
        await TrainAsync(store, seed, interruptions, told);
        Assert.DoesNotContain(told, text => text.Contains("nothing was written", StringComparison.Ordinal));
        return store;
    }

    private static async Task TrainAsync(MemoryHistoryStore store, int seed, int interruptions, List<string> told)
    {
        using var folder = new TemporaryFolder();
        var options = new TrainerOptions { StoreFolder = folder.Combine("store"), CheckpointFolder = folder.Combine("checkpoints"), Threads = 1 };
        var random = new Random(seed);
        for (var left = interruptions; left >= 0; left--)
        {
            using var stop = new CancellationTokenSource();
            var reads = left == 0 ? int.MaxValue : random.Next(20, 120);
            var stage = new LogStage("memory", (from, _) => ValueTask.FromResult<IEventLog>(new HeldLog(
                new StoppingLog(new ShuffledLog(log, from, seed + left), () =>
                {
                    if (--reads == 0)
                    {
                        stop.Cancel();
                    }
                }),
                () => store.Writes < store.TakenAt - 1)));
            try
            {
                await new TrainerHost(job, options, new DroppedLetters(), TimeProvider.System) { History = store }
                    .TrainAsync([stage], new Progress<TrainingStatus>(), told.Add, stop.Token);
            }
            catch (FeatureStoreException) when (store.FailEvery > 1)
            {
                // As a trainer that is started again once the store is back: its checkpoint is there.
                left++;
            }
        }
    }

    private static ModelSpec Declare(ModelSpec model)
    {
        Feature Number(int id, FeatureScope scope) => new() { Id = id, Name = $"statistic{id}", Kind = FeatureKind.Numeric, Scope = scope, IsStatistic = true };
        StatisticSpec Of(int id, StatisticKind kind, params int[] key) => new()
        {
            FeatureId = id,
            Key = [.. key],
            Kind = kind,
            Event = kind == StatisticKind.Rate ? "click" : StatisticSpec.Impression,
            Among = StatisticSpec.Impression,
            Expire = TimeSpan.FromDays(30),
        };
        var entities = model.Schema.Features.Select(feature => feature with { IsEntityId = feature.Name is "user" or "item" });
        return model with
        {
            Schema = new FeatureSchema(
            [
                .. entities, Number(Count, FeatureScope.User), Number(Rate, FeatureScope.User), Number(ByItem, FeatureScope.Item), Number(Pair, FeatureScope.Pair),
                new Feature
                {
                    Id = Seen, Name = "seen", Kind = FeatureKind.Sequence, Scope = FeatureScope.User, IsStatistic = true, IsInput = false,
                    Columns = [new("item", SequenceColumnKind.Feature, "item", 2), new("outcome", SequenceColumnKind.Outcome, "seen.outcome", 0)],
                },
            ]),
            Statistics = [Of(Count, StatisticKind.Count, 1), Of(Rate, StatisticKind.Rate, 1), Of(ByItem, StatisticKind.Rate, 2), Of(Pair, StatisticKind.Rate, 1, 2)],
            Sequences = [new SequenceSpec { FeatureId = Seen, Event = StatisticSpec.Impression, Last = 5, Expire = TimeSpan.FromDays(30), Outcomes = ["click"] }],
        };
    }
}
