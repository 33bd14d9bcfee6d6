using System.CommandLine;
using Ranking.Configuration;
using Ranking.FeatureStore;
using Ranking.Trainer;

namespace Ranking.Cli;

/// <summary><c>ranking train</c>.</summary>
internal static class TrainCommand
{
    private const string Description = """
        Trains the job's model: on its table of labelled rows, on a log at rest, on the topics, or on a log at rest and then
        the topics that continue it from the exact point (their offset 0 is where it ends). Versions that pass the gate are served
        by whoever follows the model store. With --redis the declared statistics and sequences are written there as they move,
        for servers to read; one trainer a model does so. With training.online the model of the epochs learns on from the
        first impression after them, each predicted at its own place and learned from once its labels are known. SIGTERM or
        Ctrl-C ends it with a checkpoint, and it goes on from the newest one.

        Exit codes: 0 done, or the topics followed until a signal; 1 no version passed the gate, or the log lacks the position
        to go on from; 2 wrong usage, configuration or data; 3 Kafka or Redis cannot be reached; 130 stopped by a signal before a log at
        rest or several epochs were done.

        Examples:
          ranking train
          ranking train --topics --kafka localhost:9092
          ranking train --log data/log --topics
          ranking train --topics --redis localhost:6379
          ranking train --job learning.yaml --topics --predictions artifacts/learning.predictions
        """;

    public static Command Create()
    {
        var source = new LogOptions();
        var threads = new Option<int>("--threads") { Description = "Threads of libtorch; the same number gives the same bits.", DefaultValueFactory = _ => Environment.ProcessorCount }.Within(1, Environment.ProcessorCount);
        var device = new Option<string>("--device") { Description = "cpu, or cuda in a build with -p:Torch=cuda.", DefaultValueFactory = _ => "cpu" };
        var redis = SharedOptions.Redis();
        var predictions = new Option<string?>("--predictions") { Description = "Keep what is predicted at each impression's own place in this file, for 'ranking evaluate --progressive'." };
        var output = SharedOptions.Output();
        var command = new Command("train", Description) { threads, device, redis, predictions, output };
        source.AddTo(command);
        return command.Runs(async (parsed, cancellation) =>
        {
            var job = JobFile.Load(parsed.GetRequiredValue(source.Job));
            var options = new TrainerOptions
            {
                StoreFolder = job.Store.Path,
                CheckpointFolder = job.Store.Checkpoints,
                KeepVersions = job.Store.Keep,
                PredictionFile = parsed.GetValue(predictions),
                Threads = parsed.GetValue(threads),
                Device = parsed.GetRequiredValue(device),
            };
            if (options.Validate().ToArray() is { Length: > 0 } faults)
            {
                throw new ArgumentException(string.Join('\n', faults));
            }

            var logs = new TrainingSource
            {
                Log = parsed.GetValue(source.Log),
                Topics = source.ReadsTopics(parsed),
                Kafka = SharedOptions.KafkaSettings(job, parsed.GetValue(source.Kafka)),
            };
            await using var features = await OpenFeaturesAsync(job, parsed.GetValue(redis));
            var versions = await ProgressBar.RunStagesAsync(parsed, "Starting", stages =>
            {
                var progress = new TrainingProgress(stages, TimeProvider.System);
                var training = new JobTraining(job, options, logs, TimeProvider.System) { Stages = progress, History = features?.History };
                if (features is null && job.Model.HasHistory && logs.Topics)
                {
                    stages.Tell("the job declares statistics or sequences, and no --redis is given: servers will do without them.");
                }

                return Task.Run(() => TrainAsync(training, progress, stages, cancellation), CancellationToken.None);
            });
            Results.Write(
                parsed, parsed.GetValue(output), versions,
                ("version", version => version.Version), ("gate", version => version.IsAccepted ? "accepted" : string.Join("; ", version.Reasons)));
            if (cancellation.IsCancellationRequested)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync("stopped: the same command goes on from the newest checkpoint.");
                // Topics have no end: a signal is how following them is done.
                return logs.Topics ? ExitCode.Ok : ExitCode.Cancelled;
            }

            return versions.Count > 0 && versions.All(version => !version.IsAccepted) ? ExitCode.Failed : ExitCode.Ok;
        });
    }

    private static async Task<RedisFeatureStore?> OpenFeaturesAsync(JobSpec job, string? redis) =>
        redis is null || !job.Model.HasHistory ? null : await RedisFeatureStore.OpenAsync(SharedOptions.RedisSettings(job, redis));

    private static async Task<IReadOnlyList<PublishedVersion>> TrainAsync(
        JobTraining training, TrainingProgress progress, Stages stages, CancellationToken cancellation)
    {
        var versions = await training.RunAsync(progress, stages.Tell, cancellation);
        progress.TellLast();
        return versions;
    }
}
