using System.Security.Cryptography;
using Ranking.Core;
using Ranking.Models;
using Ranking.Testing;

namespace Ranking.Trainer.Tests;

public sealed class DeterminismTests
{
    private const int Runs = 20;
    private static readonly IReadOnlyList<LogEntry> Log = new TinyWorld(6_000).Entries;

    private static readonly TrainingJob Calibrated = TinyWorld.Job with
    {
        Model = TinyWorld.Model with
        {
            Calibration =
            [
                new CalibrationSpec { Method = CalibrationMethod.Isotonic, By = 1, MinExamples = 100 },
                new CalibrationSpec { Method = CalibrationMethod.Platt },
            ],
        },
    };

    /// <summary>Arrival order, poll sizes and restarts change; the bytes of graph, weights and embeddings do not.</summary>
    [Fact]
    public async Task TrainAsync_ShuffledArrivalsAndRestarts_GivesTheSameBytes() => await GivesTheSameBytes(TinyWorld.Job, Runs);

    /// <summary>Calibrations are fitted on predictions that earlier ones have shaped: they, too, are functions of the log.</summary>
    [Fact]
    public async Task TrainAsync_CalibratedShuffledArrivalsAndRestarts_GivesTheSameBytes() => await GivesTheSameBytes(Calibrated, Runs / 4);

    /// <summary>The file of predictions, too, which goes on with the checkpoints.</summary>
    [Fact]
    public async Task TrainAsync_EpochsThenOnlineShuffledArrivalsAndRestarts_GivesTheSameBytes() =>
        await GivesTheSameBytes(TinyWorld.OnlineJob, Runs / 4, new TinyWorld(4_000, history: 1_800).Entries);

    /// <summary>Which rows a delta has follows from the one before it, which a restarted run finds in the store.</summary>
    [Fact]
    public async Task TrainAsync_DeltasShuffledArrivalsAndRestarts_GivesTheSameBytes()
    {
        var job = TinyWorld.Job with { Model = TinyWorld.Model with { Training = TinyWorld.Model.Training with { DeltaEvery = TimeSpan.FromHours(2) } } };
        var expected = await TrainAsync(seed: 0, interruptions: 0, job: job);
        Assert.True(expected.Versions.Count(version => version.EndsWith("-delta", StringComparison.Ordinal)) > 5);
        await GivesTheSameBytes(job, Runs / 4);
    }

    [Fact]
    public async Task TrainAsync_Calibrated_PublishesMapsFittedOnProgressivePredictions()
    {
        using var folder = new TemporaryFolder();
        var options = new TrainerOptions { StoreFolder = folder.Combine("store"), CheckpointFolder = folder.Combine("checkpoints"), Threads = 1 };
        var stage = new LogStage("memory", (from, _) => ValueTask.FromResult<IEventLog>(new ShuffledLog(Log, from, seed: 1)));

        await new TrainerHost(Calibrated, options, new DroppedLetters(), TimeProvider.System)
            .TrainAsync([stage], new Progress<TrainingStatus>(), _ => { }, TestContext.Current.CancellationToken);

        var store = new FolderModelStore(options.StoreFolder);
        using var served = ModelArtifact.Open(store.FolderOf(TinyWorld.Model.Name, store.Served(TinyWorld.Model.Name)!));
        var identities = CalibrationMap.Identities(served.Graph);
        Assert.All(identities, pair => Assert.NotEqual(pair.Value, served.Weights[pair.Key].ToArray()));
    }

    private static async Task GivesTheSameBytes(TrainingJob job, int runs, IReadOnlyList<LogEntry>? entries = null)
    {
        var expected = await TrainAsync(seed: 0, interruptions: 0, entries, job);
        Assert.True(expected.Versions.Count > 1);
        for (var seed = 1; seed <= runs; seed++)
        {
            var actual = await TrainAsync(seed, interruptions: seed % 4, entries, job);
            Assert.Equal(expected.Files, actual.Files);
        }
    }

    [Fact]
    public async Task TrainAsync_OtherLog_GivesOtherBytes()
    {
        var expected = await TrainAsync(seed: 0, interruptions: 0);
        var changed = await TrainAsync(seed: 0, interruptions: 0, new TinyWorld(6_000, seed: 2).Entries);
        Assert.NotEqual(expected.Files, changed.Files);
    }

    private static async Task<(IReadOnlyList<string> Versions, IReadOnlyList<string> Files)> TrainAsync(
        int seed, int interruptions, IReadOnlyList<LogEntry>? entries = null, TrainingJob? job = null)
    {
        using var folder = new TemporaryFolder();
        var options = new TrainerOptions { StoreFolder = folder.Combine("store"), CheckpointFolder = folder.Combine("checkpoints"), Threads = 1, KeepVersions = 100, PredictionFile = folder.Combine("predictions") };
        var random = new Random(seed);
        for (var left = interruptions; left >= 0; left--)
        {
            using var stop = new CancellationTokenSource();
            var reads = 0;
            var stopAfter = left == 0 ? int.MaxValue : random.Next(5, 40);
            var stage = new LogStage("shuffled", (from, _) => ValueTask.FromResult<IEventLog>(
                new StoppingLog(new ShuffledLog(entries ?? Log, from, seed + (100 * left)), () =>
                {
                    if (++reads == stopAfter)
                    {
                        stop.Cancel();
                    }
                })));
            var host = new TrainerHost(job ?? TinyWorld.Job, options, new DroppedLetters(), TimeProvider.System);
            await host.TrainAsync([stage], new Progress<TrainingStatus>(), _ => { }, stop.Token);
        }

        var store = new FolderModelStore(options.StoreFolder);
        return (
            [.. store.Versions(TinyWorld.Model.Name).Select(version => version.Name)],
            [.. ArtifactHashes.Of(store, TinyWorld.Model.Name), Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(options.PredictionFile)))]);
    }
}
