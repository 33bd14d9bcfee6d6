using Ranking.Cli;
using Ranking.Configuration;
using Ranking.Evaluation;
using Ranking.Events;
using Ranking.Models;
using Ranking.Streaming;
using Ranking.Testing;
using Ranking.Trainer;

namespace Ranking.Benchmarks;

/// <summary>
/// A job that learns on through the test days, predict, then train: its table is loaded into the topics of a broker as
/// <c>events load</c> does, and the trainer reads those. How it goes on after its epochs is <c>kuairand-learning.yaml</c>'s.
/// What the epochs made is judged too, as <see cref="SignalTable"/> does: one training for both; and once more with weights that
/// stand still and a calibration that follows the log.
/// </summary>
internal static class LearningTable
{
    private static readonly TimeSpan CalibrateEvery = TimeSpan.FromHours(6);

    /// <returns>False where there is no Kafka.</returns>
    public static async Task<bool> TryRunAsync(string sample, int seeds, Figures figures, CancellationToken cancellation)
    {
        var name = SignalTable.NameOf(sample);
        await using var kafka = new KafkaFixture();
        if (!kafka.IsAvailable)
        {
            Console.Error.WriteLine($"  learning.{name}: skipped, for it takes Kafka: shared/kafka or Java is not on this machine");
            return false;
        }

        await kafka.InitializeAsync();
        var table = await TableJob.OpenAsync(sample, freezes: false, cancellation);
        var topics = await LoadAsync(table, sample, kafka.Bootstrap, cancellation);
        var learning = JobFile.Load(TableJob.PathOf("kuairand-learning.yaml")).Model.Training;
        string[] regimes = ["running", "running_calibrated", "learning"];
        List<EvaluationReport>[] reports = [[], [], []];
        using var folder = new TemporaryFolder();
        for (var seed = 1; seed <= seeds; seed++)
        {
            var job = JobOf(table, learning.Online!, learning.PublishEvery, seed);
            var run = folder.Combine($"kafka-{seed}");
            await TrainAsync(job, new TrainingSource { Topics = true, Kafka = topics }, run, cancellation);
            var still = folder.Combine($"still-{seed}");
            await TrainAsync(
                JobOf(table, learning.Online! with { StepScale = 0 }, CalibrateEvery, seed), new TrainingSource { Topics = true, Kafka = topics }, still, cancellation);
            EvaluationReport[] judged =
            [
                table.JudgeFirst(StoreOf(run), [], cancellation),
                table.JudgeProgressive(StoreOf(still), PredictionsOf(still), cancellation),
                table.JudgeProgressive(StoreOf(run), PredictionsOf(run), cancellation),
            ];
            foreach (var (regime, report) in judged.Index())
            {
                SignalTable.Tell($"{regimes[regime]}.{name} seed {seed}", report);
                reports[regime].Add(report);
            }

            if (seed == 1)
            {
                var files = folder.Combine("files");
                await TrainAsync(job, new TrainingSource { Kafka = topics }, files, cancellation);
                var isSame = File.ReadAllBytes(PredictionsOf(files)).AsSpan().SequenceEqual(File.ReadAllBytes(PredictionsOf(run)));
                Console.Error.WriteLine($"  learning.{name}: predictions from files are {(isSame ? "the same bytes as" : "OTHERS than")} those from Kafka");
                figures.Add($"learning.{name}.files_equal_kafka", isSame ? 1 : 0);
            }
        }

        foreach (var (runs, regime) in reports.Zip(regimes))
        {
            ArchitectureTable.AddMeans(runs, $"{regime}.{name}", figures);
        }

        return true;
    }

    private static async Task<KafkaSettings> LoadAsync(TableJob table, string sample, string brokers, CancellationToken cancellation)
    {
        var settings = new KafkaSettings { BootstrapServers = brokers, Namespace = table.Job.Topics.Namespace };
        using var topics = new KafkaTopics(settings);
        await topics.CreateAsync(new TopicOptions { Partitions = table.Job.Topics.Partitions });
        var load = EventLoad.Open(TableJob.PathOf(sample), null, brokers, new Progress<double>());
        var loaded = await load.RunAsync(new Progress<double>(), cancellation);
        Console.Error.WriteLine($"  {loaded.Sum(partition => partition.Records)} records loaded into {loaded.Count} partitions");
        return settings;
    }

    private static async Task TrainAsync(JobSpec job, TrainingSource source, string run, CancellationToken cancellation)
    {
        var options = new TrainerOptions
        {
            StoreFolder = StoreOf(run),
            CheckpointFolder = Path.Combine(run, "checkpoints"),
            PredictionFile = PredictionsOf(run),
        };
        await new JobTraining(job, options, source, TimeProvider.System)
            .RunAsync(new Progress<TrainingStatus>(), line => Console.Error.WriteLine($"    {line}"), cancellation);
    }

    private static JobSpec JobOf(TableJob table, OnlineSpec online, TimeSpan? publishEvery, int seed) => table.Job with
    {
        Model = table.Model with { Training = table.Model.Training with { Seed = (ulong)seed, Online = online, PublishEvery = publishEvery } },
        Join = table.Job.Join with { Heartbeats = HeartbeatSource.Producer },
    };

    private static string StoreOf(string run) => Path.Combine(run, "store");

    private static string PredictionsOf(string run) => Path.Combine(run, "predictions");
}
