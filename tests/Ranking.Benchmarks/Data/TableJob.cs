using System.Collections.Immutable;
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

    public SourceSpec Sources => job.Sources!;

    public ModelSpec Model => job.Model;

    /// <summary>Reads a sample and its log, once for all runs.</summary>
    public static async Task<TableJob> OpenAsync(string sample, CancellationToken cancellation, bool freezesStatistics = false)
    {
        Environment.SetEnvironmentVariable("RANKING_SHARED", SharedFolder.Path ?? throw new DirectoryNotFoundException(
            "the data is not on this machine: set RANKING_SHARED to the folder that holds data/"));
        var table = new TableJob(JobFile.Load(Path.Combine(SharedFolder.RepositoryRoot, "deploy", "samples", sample)));
        var source = new ExampleSource { Job = table.job, FreezesStatistics = freezesStatistics };
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
        var version = await host.TrainEpochsAsync(
            stage, epoch => Console.Error.WriteLine($"    epoch {epoch.Epoch}: validation loss {epoch.ValidationLoss:F5}"), cancellation);
        if (!version.IsAccepted)
        {
            Console.Error.WriteLine($"    the gate refused {version.Version}: {string.Join("; ", version.Reasons)}");
        }

        using var serving = ServingModel.Load(ModelArtifact.Open(new FolderModelStore(options.StoreFolder).FolderOf(model.Name, version.Version)));
        var split = Sources.Log.Split!;
        return new EvaluationRun(ServingScorer.Of(serving), new EvaluationOptions
        {
            Test = split.Test,
            Train = baselines.IsEmpty ? [] : split.Train,
            Baselines = baselines,
            Resamples = 100,
        }).Run(rows, cancellation: cancellation);
    }

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
