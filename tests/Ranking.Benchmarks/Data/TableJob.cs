using System.Collections.Immutable;
using System.Diagnostics;
using Ranking.Configuration;
using Ranking.Core;
using Ranking.Evaluation;
using Ranking.Files;
using Ranking.Inference;
using Ranking.Models;
using Ranking.Testing;
using Ranking.Trainer;

namespace Ranking.Benchmarks;

/// <summary>A sample job over files: trained on its training split, judged on its test split.</summary>
internal sealed class TableJob
{
    private readonly JobSpec job;
    private readonly EvaluationSet rows = new();

    private TableJob(JobSpec job) => this.job = job;

    public JobSpec Job => job;

    public SourceSpec Sources => job.Sources!;

    public ModelSpec Model => job.Model;

    /// <summary>How long the last run trained, its reading of the log included.</summary>
    public TimeSpan TrainingTime { get; private set; }

    /// <summary>The sample's file, or the path of another.</summary>
    public static string PathOf(string sample) => Path.Combine(SharedFolder.RepositoryRoot, "deploy", "samples", sample);

    /// <summary>Tells samples where the data is, which they name by a variable.</summary>
    /// <exception cref="DirectoryNotFoundException">It is not on this machine.</exception>
    public static void FindData() => Environment.SetEnvironmentVariable("RANKING_SHARED", SharedFolder.Path ?? throw new DirectoryNotFoundException(
        "the data is not on this machine: set RANKING_SHARED to the folder that holds data/"));

    /// <summary>Reads a sample and its log, once for all runs.</summary>
    /// <param name="sample">The file in the samples, or the path of another.</param>
    /// <param name="freezes">Whether statistics stop with the training split, for what is chosen and calibrated on the validation split, too.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static Task<TableJob> OpenAsync(string sample, bool freezes, CancellationToken cancellation)
    {
        FindData();
        var job = JobFile.Load(PathOf(sample));
        return OpenAsync(job with { Model = job.Model with { Training = job.Model.Training with { FreezeHistory = freezes } } }, cancellation);
    }

    /// <summary>As from a sample, for a job that was made of some.</summary>
    public static async Task<TableJob> OpenAsync(JobSpec job, CancellationToken cancellation)
    {
        var table = new TableJob(job);
        var source = new ExampleSource { Job = job, FreezesHistory = job.Model.Training.FreezeHistory };
        await ExampleReader.ReadAsync(source, table.Model.Tasks, table.rows.Add, Console.Error.WriteLine, new Progress<double>(), cancellation);
        return table;
    }

    /// <summary>Trains a specification and judges it on the test split.</summary>
    public async Task<EvaluationReport> RunAsync(ModelSpec model, ImmutableArray<BaselineKind> baselines, CancellationToken cancellation)
    {
        using var folder = new TemporaryFolder();
        var options = new TrainerOptions { StoreFolder = folder.Combine("store"), CheckpointFolder = folder.Combine("checkpoints") };
        var training = new TrainingJob { Model = model, Join = job.Join, Split = Sources.Log.Split, Entities = new NoEntities() };
        var host = new TrainerHost(training, options, new NoDeadLetters(), TimeProvider.System);
        var stage = new LogStage(Sources.Log.Path, (_, _) => ValueTask.FromResult<IEventLog>(TableEventLog.Open(Sources, model.Schema)));
        var started = Stopwatch.GetTimestamp();
        var version = await host.TrainEpochsAsync(
            stage, epoch => Console.Error.WriteLine($"    {epoch}"), Console.Error.WriteLine, cancellation);
        TrainingTime = Stopwatch.GetElapsedTime(started);
        if (!version.IsAccepted)
        {
            Console.Error.WriteLine($"    the gate refused {version.Version}: {string.Join("; ", version.Reasons)}");
        }

        return JudgeFirst(options.StoreFolder, baselines, cancellation);
    }

    /// <summary>Judges what the epochs made, the first version of a store, on the test split.</summary>
    /// <param name="store">Where training published the model's versions.</param>
    /// <param name="baselines">Judged beside it.</param>
    /// <param name="cancellation">Ends the judging.</param>
    public EvaluationReport JudgeFirst(string store, ImmutableArray<BaselineKind> baselines, CancellationToken cancellation)
    {
        var versions = new FolderModelStore(store);
        using var serving = ServingModel.Load(ModelArtifact.Open(versions.FolderOf(Model.Name, versions.Versions(Model.Name)[0].Name)));
        return Judge(ServingScorer.Of(serving), baselines, cancellation);
    }

    /// <summary>Judges what was predicted at each impression's own place, on the test split.</summary>
    /// <param name="store">Where training published the model's versions.</param>
    /// <param name="predictions">The file of predictions.</param>
    /// <param name="cancellation">Ends the judging.</param>
    public EvaluationReport JudgeProgressive(string store, string predictions, CancellationToken cancellation)
    {
        var versions = new FolderModelStore(store);
        using var serving = ServingModel.Load(ModelArtifact.Open(versions.FolderOf(Model.Name, versions.Served(Model.Name)!)));
        return Judge(ProgressiveScorer.Of(ServingScorer.Of(serving), new PredictionFile(predictions)), [], cancellation);
    }

    private EvaluationReport Judge(EvaluatedModel model, ImmutableArray<BaselineKind> baselines, CancellationToken cancellation) =>
        new EvaluationRun(model, new EvaluationOptions
        {
            Test = Sources.Log.Split!.Test,
            Train = baselines.IsEmpty ? [] : Sources.Log.Split.Train,
            Baselines = baselines,
            Resamples = 100,
        }).Run(rows, cancellation: cancellation);

    private sealed class NoEntities : IEntityTables
    {
        public ReadOnlyMemory<byte> User(string userId) => default;

        public ReadOnlyMemory<byte> Item(string itemId) => default;
    }

    private sealed class NoDeadLetters : IDeadLetters
    {
        public void Write(LogPosition position, string reason, LogEntry entry) => Console.Error.WriteLine($"    dead letter {position}: {reason}");

        public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;
    }
}
