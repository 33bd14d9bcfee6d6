using System.Collections.Immutable;
using Ranking.Configuration;
using Ranking.Core;
using Ranking.Events;
using Ranking.Files;
using Ranking.Streaming;

namespace Ranking.Trainer;

/// <summary>Which logs a job is trained on; the job's table where neither is named.</summary>
public sealed record TrainingSource
{
    /// <summary>The folder of a log at rest.</summary>
    public string? Log { get; init; }

    /// <summary>Whether the topics are followed: alone, or from the exact point where the log at rest ends.</summary>
    public bool Topics { get; init; }

    /// <summary>Where the topics are.</summary>
    public required KafkaSettings Kafka { get; init; }
}

/// <summary>One training run of a job, from whichever logs: the one way for the trainer's own program and the command line.</summary>
public sealed class JobTraining(JobSpec job, TrainerOptions options, TrainingSource source, TimeProvider clock)
{
    /// <summary>Told how far the reading of a table is, and the parts of training over several epochs.</summary>
    public IProgress<TrainingStage>? Stages { get; init; }

    /// <summary>Where servers find statistics and sequences; null writes none.</summary>
    public IHistoryStore? History { get; init; }

    /// <summary>Trains to the end of the log, or until cancelled; then with a checkpoint.</summary>
    /// <param name="progress">Told twice a second how far it is.</param>
    /// <param name="tell">Told of epochs, of checkpoints that are not used, and of rows that cannot be.</param>
    /// <param name="cancellation">Ends training between two records.</param>
    /// <returns>The versions that were offered to the gate.</returns>
    /// <exception cref="ArgumentException">The job declares no table, and no log is named.</exception>
    /// <exception cref="LogPositionException">A log does not have the position that training is at.</exception>
    /// <exception cref="ServiceUnreachableException">The brokers cannot be reached.</exception>
    public async Task<IReadOnlyList<PublishedVersion>> RunAsync(IProgress<TrainingStatus> progress, Action<string> tell, CancellationToken cancellation)
    {
        var (folder, kafka) = (source.Log, source.Kafka);
        var entities = SourceEntities.Load(job.Sources, job.Model.Schema, tell);
        var training = new TrainingJob { Model = job.Model, Join = job.Join, Split = job.Sources?.Log.Split, Entities = entities };
        if (training is { GoesOnline: true, Split: null } && (folder is null || !source.Topics))
        {
            throw new ArgumentException(
                "training.online goes on from epochs, and nothing says where they end: declare sources.log.split, or give a log at rest and the topics that continue it.");
        }

        var rest = folder is null ? null : new LogStage(folder, (from, _) => new(LogFile.Open(folder, Offsets(from), isContinued: source.Topics))) { PublishesAtEndOnly = source.Topics };
        if (!source.Topics)
        {
            using var file = new DeadLetterFile(options.CheckpointFolder);
            var (host, only) = (new TrainerHost(training, options, file, clock) { Stages = Stages, History = History }, rest ?? Table());
            return EndsWithEpochs(training)
                ? [await host.TrainEpochsAsync(only, epoch => tell(epoch.ToString()), tell, cancellation).ConfigureAwait(false)]
                : await host.TrainAsync([only], progress, tell, cancellation).ConfigureAwait(false);
        }

        using var letters = new KafkaDeadLetters(kafka);
        var continuation = folder is null ? null : new LogContinuation(folder);
        var live = new TrainerHost(training, options, continuation?.Naming(letters) ?? letters, clock) { Stages = Stages, History = History };
        if (EndsWithEpochs(training))
        {
            return [await live.TrainEpochsAsync(BoundedTopics(), epoch => tell(epoch.ToString()), tell, cancellation).ConfigureAwait(false)];
        }

        var topics = new LogStage("topics", async (from, _) => continuation is not null
            ? continuation.Open(kafka, from)
            : KafkaEventLog.Open(kafka, from.IsEmpty ? await BeginningAsync(kafka).ConfigureAwait(false) : from));
        LogStage[] stages = rest is null ? [topics] : [rest, topics];
        return await WithHeartbeatsAsync(stop => live.TrainAsync(stages, progress, tell, stop), cancellation).ConfigureAwait(false);
    }

    private static bool EndsWithEpochs(TrainingJob training) => training is { HasEpochs: true, GoesOnline: false };

    private static Dictionary<LogPartition, long> Offsets(ImmutableArray<LogPosition> positions) => positions.ToDictionary(at => at.Partition, at => at.Offset);

    private static async Task<ImmutableArray<LogPosition>> BeginningAsync(KafkaSettings kafka)
    {
        using var topics = new KafkaTopics(kafka);
        return await topics.ReadStartAsync().ConfigureAwait(false);
    }

    // Several passes need an end: the topics are read to where they end now, and no heartbeat is written.
    private LogStage BoundedTopics() => source.Log is not null
        ? throw new ArgumentException($"training.epochs is {job.Model.Training.Epochs}, and several passes go over one finite log: give the log or the topics alone, declare training.online, or set training.epochs to 1.")
        : new LogStage("topics", async (_, _) =>
        {
            using var topics = new KafkaTopics(source.Kafka);
            var start = await topics.ReadStartAsync().ConfigureAwait(false);
            return KafkaEventLog.Open(source.Kafka, start, await topics.ReadEndAsync().ConfigureAwait(false));
        });

    private LogStage Table()
    {
        var sources = job.Sources ?? throw new ArgumentException($"the job '{job.Model.Name}' declares no sources: add them, or name a log or the topics.");
        return new LogStage("table", (from, _) => new(TableEventLog.Open(sources, job.Model.Schema, Offsets(from), new StageProgress(Stages, "Reading the table"))));
    }

    // Time moves on in the topics only by what is written to them.
    private async Task<T> WithHeartbeatsAsync<T>(Func<CancellationToken, Task<T>> train, CancellationToken cancellation)
    {
        if (job.Join.Heartbeats != HeartbeatSource.Clock)
        {
            return await train(cancellation).ConfigureAwait(false);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var publisher = new KafkaEventPublisher(source.Kafka);
        var partitions = (await BeginningAsync(source.Kafka).ConfigureAwait(false)).Select(position => position.Partition).ToImmutableArray();
        var beating = new KafkaHeartbeats(publisher, partitions, clock).RunAsync(stop.Token);
        var training = train(stop.Token);
        await Task.WhenAny(beating, training).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await beating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var result = await training.ConfigureAwait(false);
        return beating.IsFaulted ? throw beating.Exception!.InnerException! : result;
    }
}
