using Ranking.Core;
using Ranking.Models;
using Ranking.Testing;

namespace Ranking.Trainer.Tests;

public sealed class DeterminismTests
{
    private const int Runs = 20;
    private static readonly IReadOnlyList<LogEntry> Log = new TinyWorld(6_000).Entries;

    /// <summary>Arrival order, poll sizes and restarts change; the bytes of graph, weights and embeddings do not.</summary>
    [Fact]
    public async Task TrainAsync_ShuffledArrivalsAndRestarts_GivesTheSameBytes()
    {
        var expected = await TrainAsync(seed: 0, interruptions: 0);
        Assert.True(expected.Versions.Count > 1);
        for (var seed = 1; seed <= Runs; seed++)
        {
            var actual = await TrainAsync(seed, interruptions: seed % 4);
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
        int seed, int interruptions, IReadOnlyList<LogEntry>? entries = null)
    {
        using var folder = new TemporaryFolder();
        var options = new TrainerOptions { StoreFolder = folder.Combine("store"), CheckpointFolder = folder.Combine("checkpoints"), Threads = 1, KeepVersions = 100 };
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
            var host = new TrainerHost(TinyWorld.Job, options, new DroppedLetters(), TimeProvider.System);
            await host.TrainAsync([stage], new Progress<TrainingStatus>(), _ => { }, stop.Token);
        }

        var store = new FolderModelStore(options.StoreFolder);
        return ([.. store.Versions(TinyWorld.Model.Name).Select(version => version.Name)], ArtifactHashes.Of(store, TinyWorld.Model.Name));
    }
}
