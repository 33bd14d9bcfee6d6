using Ranking.Core;
using Ranking.Files;
using Ranking.Models;
using Ranking.Streaming;
using Ranking.Testing;

namespace Ranking.Trainer.Tests;

/// <summary>The same log gives the same bytes of graph, weights and embeddings, wherever it is read from.</summary>
public sealed class LogSourceTests(KafkaFixture kafka) : IClassFixture<KafkaFixture>
{
    private static readonly IReadOnlyList<LogEntry> Log = new TinyWorld(4_000).Entries;

    [Fact]
    public async Task TrainAsync_FromALogFile_GivesTheBytesOfTheLogItself()
    {
        using var folder = new TemporaryFolder();
        using (var writer = new LogFileWriter(folder.Path, Partitions))
        {
            foreach (var entry in Log)
            {
                writer.Write(entry);
            }

            writer.Complete();
        }

        var fromFile = await TrainAsync(new LogStage("file", (_, _) => ValueTask.FromResult<IEventLog>(LogFile.Open(folder.Path))));
        Assert.Equal(await TrainAsync(Memory()), fromFile);
    }

    [Fact]
    public async Task TrainAsync_FromKafka_GivesTheBytesOfTheLogItself()
    {
        var settings = await LoadAsync(Log);
        var fromKafka = await TrainAsync(Topics(settings));
        Assert.Equal(await TrainAsync(Memory()), fromKafka);
    }

    [Fact]
    public async Task TrainAsync_EpochsThenOnlineFromKafka_GivesTheBytesAndPredictionsOfTheLogItself()
    {
        var log = new TinyWorld(3_000, history: 1_800).Entries;
        var settings = await LoadAsync(log);
        var memory = new LogStage("memory", (from, _) => new(new ShuffledLog(log, from, seed: 7)));
        Assert.Equal(await PredictAsync(memory), await PredictAsync(Topics(settings)));
    }

    [Fact]
    public async Task TrainAsync_FromAFileAndThenTheTopicsAtItsEnd_GivesTheBytesOfOneLog()
    {
        var settings = await LoadAsync(Log);
        var half = Log.GroupBy(entry => entry.Position.Partition).SelectMany(partition => partition.Take(partition.Count() / 2)).ToArray();
        using var folder = new TemporaryFolder();
        using (var writer = new LogFileWriter(folder.Path, Partitions))
        {
            foreach (var entry in half)
            {
                writer.Write(entry);
            }

            writer.Complete();
        }

        var file = new LogStage("file", (_, _) => ValueTask.FromResult<IEventLog>(LogFile.Open(folder.Path)));
        Assert.Equal(await TrainAsync(Memory()), await TrainAsync(file, Topics(settings)));
    }

    /// <summary>Records at the file's end were read and wait for other partitions; the topics do not have them.</summary>
    [Fact]
    public async Task TrainAsync_StoppedBehindTheSeamOfFileAndTopics_GivesTheBytesOfOneLog()
    {
        using var folder = new TemporaryFolder();
        // The topic of served records has only its ends: heartbeats move it on within the file.
        LogEntry[] log =
        [
            .. Log.Where(entry => entry.Position.Partition.Topic == LogTopic.Events),
            .. Log.Where(entry => entry.Position.Partition.Topic == LogTopic.Served)
                .SelectMany(end => new[] { At(end, 0, new HeartbeatEvent(end.Event!.EventTime)), At(end, 1, end.Event) }),
        ];
        var seam = log.GroupBy(entry => entry.Position.Partition).ToDictionary(partition => partition.Key, partition => (long)(partition.Count() / 2));
        using (var writer = new LogFileWriter(folder.Combine("log"), Partitions))
        {
            foreach (var entry in log.Where(entry => entry.Position.Offset < seam[entry.Position.Partition]))
            {
                writer.Write(entry);
            }

            writer.Complete();
        }

        var rest = log.Where(entry => entry.Position.Offset >= seam[entry.Position.Partition]).ToArray();
        var file = new LogStage("file", (from, _) => new(LogFile.Open(folder.Combine("log"), from.ToDictionary(at => at.Partition, at => at.Offset), isContinued: true)));
        using var stop = new CancellationTokenSource();
        var stopping = new LogStage("topics", (from, _) => new(new StoppingLog(new ShuffledLog(rest, from, seed: 3), stop.Cancel)));
        var options = OptionsIn(folder);
        await Host(options).TrainAsync([file, stopping], new Progress<TrainingStatus>(), _ => { }, stop.Token);
        await Host(options).TrainAsync(
            [file, new LogStage("topics", (from, _) => new(new ShuffledLog(rest, from, seed: 4)))], new Progress<TrainingStatus>(), Assert.Fail, TestContext.Current.CancellationToken);
        Assert.Equal(await TrainAsync(Memory()), ArtifactHashes.Of(new FolderModelStore(options.StoreFolder), TinyWorld.Model.Name));
    }

    private static LogEntry At(LogEntry entry, long offset, LogEvent record) =>
        new() { Position = entry.Position with { Offset = offset }, BrokerTime = entry.BrokerTime, Event = record };

    private static IEnumerable<LogPartition> Partitions => Log.Select(entry => entry.Position.Partition).Distinct().Order();

    private static LogStage Memory() => new("memory", (from, _) => ValueTask.FromResult<IEventLog>(new ShuffledLog(Log, from, seed: 7)));

    private static LogStage Topics(KafkaSettings settings) => new("topics", async (from, _) =>
    {
        using var topics = new KafkaTopics(settings);
        return KafkaEventLog.Open(settings, from.IsEmpty ? await topics.ReadStartAsync() : from);
    });

    private async Task<KafkaSettings> LoadAsync(IEnumerable<LogEntry> entries)
    {
        var settings = new KafkaSettings { BootstrapServers = kafka.Bootstrap, Namespace = $"t{Guid.NewGuid():N}" };
        using var topics = new KafkaTopics(settings);
        await topics.CreateAsync(new TopicOptions { Partitions = TinyWorld.Partitions });
        await using var publisher = new KafkaEventPublisher(settings);
        await publisher.AppendAsync([.. entries.Select(entry => (entry.Position.Partition, entry.Event!))], TestContext.Current.CancellationToken);
        return settings;
    }

    private static async Task<IReadOnlyList<string>> TrainAsync(params LogStage[] stages)
    {
        using var folder = new TemporaryFolder();
        var options = OptionsIn(folder);
        var versions = await Host(options).TrainAsync(stages, new Progress<TrainingStatus>(), _ => { }, TestContext.Current.CancellationToken);
        Assert.True(versions.Count > 1);
        return ArtifactHashes.Of(new FolderModelStore(options.StoreFolder), TinyWorld.Model.Name);
    }

    private static async Task<IReadOnlyList<string>> PredictAsync(LogStage stage)
    {
        using var folder = new TemporaryFolder();
        var options = OptionsIn(folder) with { PredictionFile = folder.Combine("predictions") };
        await new TrainerHost(TinyWorld.OnlineJob, options, new DroppedLetters(), TimeProvider.System)
            .TrainAsync([stage], new Progress<TrainingStatus>(), _ => { }, TestContext.Current.CancellationToken);
        return [.. ArtifactHashes.Of(new FolderModelStore(options.StoreFolder), TinyWorld.Model.Name), Convert.ToHexString(await File.ReadAllBytesAsync(options.PredictionFile))];
    }

    private static TrainerOptions OptionsIn(TemporaryFolder folder) =>
        new() { StoreFolder = folder.Combine("store"), CheckpointFolder = folder.Combine("checkpoints"), Threads = 1, KeepVersions = 100 };

    private static TrainerHost Host(TrainerOptions options) => new(TinyWorld.Job, options, new DroppedLetters(), TimeProvider.System);
}
