using Ranking.Configuration;
using Ranking.Files;
using Ranking.Inference;
using Ranking.Models;
using Ranking.Streaming;

namespace Ranking.Evaluation;

/// <summary>An evaluation from log to report: the one way for its own program and the command line.</summary>
public sealed class EvaluationHost
{
    private readonly EvaluationSettings settings;
    private readonly JobSpec job;
    private readonly ExampleSource source;
    private readonly EvaluationOptions options;

    /// <param name="settings">What to judge.</param>
    /// <param name="job">The job of <see cref="EvaluationSettings.Job"/>.</param>
    /// <param name="kafka">Where the topics are.</param>
    /// <exception cref="EvaluationException">The settings have faults: all of them, one a line.</exception>
    public EvaluationHost(EvaluationSettings settings, JobSpec job, KafkaSettings kafka)
    {
        this.settings = settings;
        this.job = job;
        source = new ExampleSource { Job = job, Log = settings.Log, Topics = settings.Topics ? kafka : null, TestFrom = settings.TestFrom, FreezesHistory = settings.FreezeHistory };
        options = Options();
        if (settings.Validate().Concat(options.Validate()).ToList() is { Count: > 0 } faults)
        {
            throw new EvaluationException(string.Join('\n', faults));
        }
    }

    /// <summary>Reads, judges, and writes the files that the settings name.</summary>
    /// <param name="progress">Told how far it is; of <c>read</c> in thousandths.</param>
    /// <param name="warn">Told of what cannot be used.</param>
    /// <param name="cancellation">Ends the run without a report.</param>
    /// <exception cref="EvaluationException">There is no such version, or nothing to judge.</exception>
    public async Task<EvaluationReport> RunAsync(IProgress<EvaluationProgress> progress, Action<string> warn, CancellationToken cancellation)
    {
        using var model = LoadModel(settings.Version, warn);
        using var against = settings.Compare is null ? null : LoadModel(settings.Compare, warn);
        var judged = settings.Progressive is null ? ServingScorer.Of(model) : ProgressiveScorer.Of(ServingScorer.Of(model), new PredictionFile(settings.Progressive));
        var run = new EvaluationRun(judged, options, progress, against is null ? null : ServingScorer.Of(against));
        var set = new EvaluationSet();
        var tasks = model.Spec.Tasks;
        await ExampleReader.ReadAsync(source, tasks, set.Add, warn, new Reading(progress), cancellation).ConfigureAwait(false);
        var truth = settings.Truth is null ? null : TruthTable.Load(settings.Truth, tasks, source);
        var report = await Task.Run(() => run.Run(set, truth, cancellation), cancellation).ConfigureAwait(false);
        Write(settings.Html, writer => ReportWriter.WriteHtml(report, writer));
        Write(settings.Json, writer => ReportWriter.WriteJson(report, writer));
        Write(settings.Csv, writer => ReportWriter.WriteCsv(report, writer));
        return report;
    }

    private EvaluationOptions Options()
    {
        // Impressions of another log carry splits where it was made of the table; whoever names one says that they do.
        var split = source.IsTable || settings.Split.Count > 0 ? job.Sources?.Log.Split : null;
        var (train, test) = settings.TestFrom is null
            ? (split?.Train ?? [], split?.Test ?? [])
            : ([ExampleSource.TrainSplit], [ExampleSource.TestSplit]);
        var judged = settings.Split.Count == 0 ? test : [.. settings.Split];
        return new EvaluationOptions
        {
            // Without baselines training rows are no more than history, and a training split may be judged.
            Train = settings.Baselines.Count == 0 ? [.. train.Except(judged)] : train,
            Test = judged,
            Baselines = settings.BaselineKinds(),
            SliceBy = [.. settings.SliceBy],
            MinimumDifference = settings.MinimumDifference,
            ImportanceRows = settings.Importance,
            ImportanceGroups = settings.DeclaredGroups(),
        };
    }

    private ServingModel LoadModel(string? asked, Action<string> warn)
    {
        var (store, name) = (new FolderModelStore(job.Store.Path), job.Model.Name);
        var version = asked ?? store.Served(name)
            ?? throw new EvaluationException($"no version of '{name}' is served from {job.Store.Path}: train one, or name one of 'ranking model list'.");
        if (!store.Versions(name).Any(stored => stored.Name == version))
        {
            throw new EvaluationException($"{job.Store.Path} has no version '{version}' of '{name}': name one of 'ranking model list'.");
        }

        var model = ServingModel.Load(ModelArtifact.Open(store.FolderOf(name, version)));
        if (model.Spec.Schema.Fingerprint != job.Model.Schema.Fingerprint)
        {
            warn($"version {version} was trained with other features than the job declares: what it lacks is skipped, what the job lacks is missing.");
        }

        return model;
    }

    private static void Write(string? path, Action<TextWriter> write)
    {
        if (path is not null)
        {
            using var writer = new StreamWriter(path);
            write(writer);
        }
    }

    private sealed class Reading(IProgress<EvaluationProgress> progress) : IProgress<double>
    {
        public void Report(double value) => progress.Report(new EvaluationProgress("read", (long)(1000 * value), 1000));
    }
}
