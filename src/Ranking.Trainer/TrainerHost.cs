using System.Globalization;
using Ranking.Core;
using Ranking.Events;
using Ranking.Learning;
using Ranking.Models;

namespace Ranking.Trainer;

/// <summary>Trains a job: from a log to versions in a model store.</summary>
public sealed class TrainerHost(TrainingJob job, TrainerOptions options, IDeadLetters deadLetters, TimeProvider clock)
{
    private readonly FolderModelStore store = new(options.StoreFolder);
    private readonly LearnerOptions learnerOptions = new() { Threads = options.Threads, Device = options.Device };

    /// <summary>Told how far the parts of training over several epochs are.</summary>
    public IProgress<TrainingStage>? Stages { get; init; }

    /// <summary>Where servers find statistics and sequences; null writes none.</summary>
    public IHistoryStore? History { get; init; }

    /// <summary>
    /// Predicts and trains along the logs, one after another, in the order of their events; goes on from the newest whole
    /// checkpoint. Where <c>training.online</c> is declared, their beginning is learned in epochs first. Ends when the last
    /// log ends, or with a checkpoint when cancelled.
    /// </summary>
    /// <param name="stages">The logs.</param>
    /// <param name="progress">Told twice a second how far it is.</param>
    /// <param name="tell">Told of epochs, of checkpoints that are not used, and of statistics that could not be written.</param>
    /// <param name="cancellation">Ends training between two records; while epochs last, without a checkpoint.</param>
    /// <returns>The versions that were offered to the gate, in their order.</returns>
    /// <exception cref="LogPositionException">A log does not have the position that training is at.</exception>
    public async Task<IReadOnlyList<PublishedVersion>> TrainAsync(
        IReadOnlyList<LogStage> stages, IProgress<TrainingStatus> progress, Action<string> tell, CancellationToken cancellation)
    {
        using var only = CheckpointLock.Take(options.CheckpointFolder);
        var folder = new CheckpointFolder(options.CheckpointFolder);
        var epochs = job.GoesOnline
            ? new EpochPhase(job, learnerOptions, options.CheckpointFolder, cancellation) { Stages = Stages, EpochEnded = epoch => tell(epoch.ToString()) }
            : null;
        var predictions = options.PredictionFile is null ? null : new PredictionLog(options.PredictionFile, job.Model);
        using var state = new TrainingState(job, learnerOptions, CreateSpill(), deadLetters, NextRun(), epochs, predictions);
        if (folder.FindNewest(tell) is { } newest)
        {
            state.Load(newest);
        }

        var reporter = new ProgressReporter(progress, clock);
        var checkpoints = new CheckpointWriter(folder, options.CheckpointEvery, deadLetters, clock);
        var history = await OpenHistoryAsync(state.History, tell, cancellation).ConfigureAwait(false);
        using var deltas = new DeltaPublisher(job.Model, store, options.KeepVersions);
        await new OnlineTraining(stages, state, CreatePublisher(), deltas, checkpoints, reporter, history).RunAsync(cancellation).ConfigureAwait(false);
        return reporter.Versions;
    }

    /// <summary>Makes several passes over the training split of a finite log and publishes the best one.</summary>
    /// <param name="stage">The log.</param>
    /// <param name="progress">Told after each epoch.</param>
    /// <param name="warn">Told of statistics that could not be written.</param>
    /// <param name="cancellation">Ends training without a version.</param>
    public async Task<PublishedVersion> TrainEpochsAsync(LogStage stage, Action<EpochResult> progress, Action<string> warn, CancellationToken cancellation)
    {
        using var only = CheckpointLock.Take(options.CheckpointFolder);
        using var train = new ExampleSpool(options.CheckpointFolder);
        using var validate = new ExampleSpool(options.CheckpointFolder);
        var sink = new SpoolSink(job, train, validate, deadLetters);
        using var spill = CreateSpill();
        var fold = HistoryFold.Of(
            job.Model.Schema, job.Model.Statistics, job.Model.Sequences, split => job.Model.Training.FreezeHistory && !job.TrainsOn(split));
        var history = await OpenHistoryAsync(fold, warn, cancellation).ConfigureAwait(false);
        var join = new LabelJoin(job.Model.Tasks, job.Join, job.Entities, sink, spill, fold);
        await using var log = await stage.OpenAsync([], cancellation).ConfigureAwait(false);
        var positions = await JoinReading.RunAsync(log, job.Join.MaxAhead, join, cancellation, new StageProgress(Stages, "Joining labels")).ConfigureAwait(false);
        await deadLetters.FlushAsync(cancellation).ConfigureAwait(false);
        if (history is not null)
        {
            await history.FinishAsync(cancellation).ConfigureAwait(false);
        }

        var training = new EpochTraining(job.Model, learnerOptions, options.CheckpointFolder, Stages);
        using var learner = training.Run(train, validate, progress, cancellation);
        var judged = EpochTraining.Predict(learner, validate).TakeLast(job.Model.Training.GateExamples).ToArray();
        return CreatePublisher().Publish(
            learner, judged, new TrainingPoint(NextRun(), training.Learned, sink.LearnedThrough, positions));
    }

    private async Task<HistoryWriter?> OpenHistoryAsync(HistoryFold? fold, Action<string> warn, CancellationToken cancellation) =>
        fold is null || History is null ? null
        : await HistoryWriter.OpenAsync(History, job.Model, fold, clock, warn, cancellation).ConfigureAwait(false);

    private VersionPublisher CreatePublisher() => new(job.Model, store, options.KeepVersions);

    private int NextRun() => store.Versions(job.Model.Name)
        .Select(version => int.TryParse(version.Name.Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var run) ? run : 0)
        .Append(0)
        .Max() + 1;

    private RocksDbSpill CreateSpill() => new(Path.Combine(options.CheckpointFolder, ".spill"));
}
