using System.Runtime.InteropServices;
using Ranking.Core;
using Ranking.Files;
using Ranking.Models;
using Ranking.Testing;

namespace Ranking.Trainer.Tests;

/// <summary>The model of the epochs goes on along the log: predict, then train.</summary>
public sealed class EpochsThenOnlineTests : IDisposable
{
    private const int History = 2_400;
    private const int FirstLive = History * 7 / 6;
    private const int Impressions = 4_200;

    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task TrainAsync_Online_PredictsWhatIsNoHistoryOnceAndPublishesTheEpochsFirst()
    {
        var versions = await TrainAsync("all", new TinyWorld(Impressions, history: History));

        Assert.StartsWith("0001-", versions[0].Version, StringComparison.Ordinal);
        Assert.True(versions.Count > 1);
        Assert.Equal(Impressions - FirstLive, new PredictionFile(PathOf("all")).Count);
        Assert.Equal(Impressions - FirstLive, Rows("all").Count);
    }

    /// <summary>The guard of "predict, then train": nothing that happens later is in a prediction, its own label least of all.</summary>
    [Fact]
    public async Task TrainAsync_OutcomesChangeFromOneImpressionOn_ChangesOnlyPredictionsAfterIt()
    {
        const int Changed = FirstLive + 600;
        await TrainAsync("as it was", new TinyWorld(Impressions, history: History));
        await TrainAsync("changed", new TinyWorld(Impressions, history: History, clickedFrom: Changed));

        var (first, second) = (Rows("as it was"), Rows("changed"));
        const int Same = Changed - FirstLive + 1;
        Assert.Equal(first[..Same], second[..Same]);
        Assert.NotEqual(first[^1][16..], second[^1][16..]);
    }

    [Fact]
    public async Task TrainAsync_StepScaleZero_PredictsAsTheVersionOfTheEpochs()
    {
        var still = TinyWorld.OnlineJob with
        {
            Model = TinyWorld.Model with
            {
                // No dropout of what is admitted later, either: a new id would read its own new row.
                Tables = [.. TinyWorld.Model.Tables.Select(table => table with { AdmitAfter = 1, ExpireAfter = null })],
                Training = TinyWorld.OnlineJob.Model.Training with { Online = new OnlineSpec { StepScale = 0 } },
            },
        };
        var world = new TinyWorld(Impressions, history: History);
        var versions = await TrainAsync("still", world, still);

        using var epochs = Inference.ServingModel.Load(ModelArtifact.Open(
            new FolderModelStore(folder.Combine("still/store")).FolderOf(TinyWorld.Model.Name, versions[0].Version)));
        var scorer = new Inference.ExampleScorer(epochs);
        var predictions = new PredictionFile(PathOf("still"));
        var (expected, actual) = (new float[epochs.Outputs.Length], new float[predictions.Outputs.Length]);
        foreach (var impression in world.Entries.Select(entry => entry.Event).OfType<ImpressionEvent>().Where(impression => impression.Split.Length == 0))
        {
            var key = LogEvent.ImpressionKey(impression.RequestId, impression.ItemId);
            Assert.True(predictions.TryGet(key, actual));
            scorer.Score(
                new Example
                {
                    Sequence = 0,
                    EventTime = impression.EventTime,
                    Impression = key,
                    User = 0,
                    Features = impression.Features!.Value,
                    Labels = 0,
                    Observed = 0,
                },
                expected);
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TrainAsync_Calibrated_GoesOnWithTheEpochsCalibrationUntilWeightsMoveOnTheValidationSplit(bool isValidated)
    {
        var calibrated = TinyWorld.OnlineJob with
        {
            Split = TinyWorld.OnlineJob.Split! with { Validate = isValidated ? ["val"] : [] },
            Model = TinyWorld.OnlineJob.Model with
            {
                Calibration = [new CalibrationSpec { Method = CalibrationMethod.Platt }, new CalibrationSpec()],
                Training = TinyWorld.OnlineJob.Model.Training with { PublishEveryExamples = null },
            },
        };
        var versions = await TrainAsync("calibrated", new TinyWorld(Impressions, history: History), calibrated);

        using var epochs = ModelArtifact.Open(new FolderModelStore(folder.Combine("calibrated/store")).FolderOf(TinyWorld.Model.Name, versions[0].Version));
        var map = epochs.Weights["calibration.ctr"].ToArray();
        Assert.NotEqual([1f, 0f], map);
        var predictions = new PredictionFile(PathOf("calibrated"));
        var (logit, ctr) = (predictions.Outputs.IndexOf("ctr_logit"), predictions.Outputs.IndexOf("ctr"));
        var moved = Rows("calibrated").Max(row =>
        {
            var outputs = MemoryMarshal.Cast<byte, float>(row.AsSpan(16)).ToArray();
            return Math.Abs((map[0] * outputs[logit]) + map[1] - Math.Log(outputs[ctr] / (1 - outputs[ctr])));
        });
        Assert.Equal(isValidated, moved > 1e-3);
    }

    [Fact]
    public async Task TrainAsync_NoTrainSplitBeforeTheRest_SaysWhatToGive()
    {
        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => TrainAsync("none", new TinyWorld(500)));
        Assert.Contains("give a log that begins with the train split", fault.Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private string PathOf(string run) => folder.Combine($"{run}/predictions");

    private List<byte[]> Rows(string run)
    {
        var (bytes, width) = (File.ReadAllBytes(PathOf(run)), 16 + (sizeof(float) * new PredictionFile(PathOf(run)).Outputs.Length));
        using var reader = new BinaryReader(new MemoryStream(bytes));
        _ = (reader.ReadUInt64(), reader.ReadInt32(), reader.ReadString());
        for (var outputs = reader.ReadInt32(); outputs > 0; outputs--)
        {
            reader.ReadString();
        }

        return [.. bytes[(int)reader.BaseStream.Position..].Chunk(width)];
    }

    private async Task<IReadOnlyList<PublishedVersion>> TrainAsync(string run, TinyWorld world, TrainingJob? job = null)
    {
        var options = new TrainerOptions
        {
            StoreFolder = folder.Combine($"{run}/store"),
            CheckpointFolder = folder.Combine($"{run}/checkpoints"),
            PredictionFile = PathOf(run),
            Threads = 1,
            KeepVersions = 100,
        };
        var log = world.Entries;
        var stage = new LogStage("memory", (from, _) => new(new ShuffledLog(log, from, seed: 1)));
        return await new TrainerHost(job ?? TinyWorld.OnlineJob, options, new DroppedLetters(), TimeProvider.System)
            .TrainAsync([stage], new Progress<TrainingStatus>(), _ => { }, TestContext.Current.CancellationToken);
    }
}
