using Ranking.Core;
using Ranking.Events;
using Ranking.FeatureStore;
using Ranking.Files;
using Ranking.Streaming;
using Ranking.Trainer;

namespace Ranking.Cli;

/// <summary>Trains on the history, then on the topics from the exact point, and keeps what it tells.</summary>
internal sealed class StandaloneTraining(StandaloneParts parts) : IProgress<TrainingStatus>, IEntityTables
{
    private volatile TrainingStatus? status;

    /// <summary>How far training is; null before it has told anything.</summary>
    public TrainingStatus? Status => status;

    /// <summary>Impressions and outcomes taken in.</summary>
    public long TakenIn => status is { } known ? known.Counts.Received(RecordKind.Impression) + known.Counts.Received(RecordKind.Outcome) : 0;

    /// <summary>Trains until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await using var features = await RedisFeatureStore.OpenAsync(parts.Redis);
        using var deadLetters = new KafkaDeadLetters(parts.Kafka);
        var job = new TrainingJob { Model = parts.Job.Model, Join = parts.Job.Join, Entities = this };
        var options = new TrainerOptions { StoreFolder = parts.Job.Store.Path, CheckpointFolder = parts.Job.Store.Checkpoints };
        var continuation = new LogContinuation(parts.LogFolder);
        var host = new TrainerHost(job, options, continuation.Naming(deadLetters), TimeProvider.System) { History = features.History };
        await host.TrainAsync(
            [
                new LogStage("history", (from, _) => ValueTask.FromResult<IEventLog>(LogFile.Open(parts.LogFolder, from.ToDictionary(at => at.Partition, at => at.Offset), isContinued: true))) { PublishesAtEndOnly = true },
                new LogStage("topics", (from, _) => ValueTask.FromResult(continuation.Open(parts.Kafka, from))),
            ],
            this,
            _ => { },
            cancellation);
    }

    /// <inheritdoc/>
    public void Report(TrainingStatus value) => status = value;

    // Every request is served and logged: features need no other source.

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> User(string userId) => default;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Item(string itemId) => default;
}
