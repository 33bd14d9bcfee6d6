using System.Collections.Immutable;
using System.CommandLine;
using Ranking.Configuration;
using Ranking.Core;
using Ranking.Files;
using Ranking.Streaming;
using Ranking.Trainer;

namespace Ranking.Cli;

/// <summary>One run of <c>ranking train</c>: which logs, in which order, and what is told meanwhile.</summary>
internal sealed class TrainRun(ParseResult parsed, LogOptions source, JobSpec job, TrainerOptions options) : IProgress<TrainingStatus>
{
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(5);
    private DateTime told;

    private TextWriter Error => parsed.InvocationConfiguration.Error;

    /// <summary>Trains to the end of the log, or until cancelled.</summary>
    /// <returns>The versions that were offered to the gate.</returns>
    public async Task<IReadOnlyList<PublishedVersion>> RunAsync(CancellationToken cancellation)
    {
        var kafka = SharedOptions.KafkaSettings(job, parsed.GetValue(source.Kafka));
        var isLive = source.ReadsTopics(parsed);
        using var letters = isLive ? new KafkaDeadLetters(kafka) : null;
        using var file = isLive ? null : new DeadLetterFile(options.CheckpointFolder);
        var training = new TrainingJob { Model = job.Model, Join = job.Join, Split = job.Sources?.Log.Split, Entities = SourceEntities.Load(job.Sources, job.Model.Schema, Error.WriteLine) };
        var host = new TrainerHost(training, options, letters is null ? file! : letters, TimeProvider.System);
        var folder = parsed.GetValue(source.Log);
        var rest = folder is null ? null : new LogStage(folder, (from, _) => new(LogFile.Open(folder, Offsets(from)))) { PublishesAtEndOnly = isLive };
        if (!isLive)
        {
            var only = rest ?? Table();
            return training.HasEpochs
                ? [await host.TrainEpochsAsync(only, epoch => Error.WriteLine(epoch), cancellation)]
                : await host.TrainAsync([only], this, Error.WriteLine, cancellation);
        }

        var topics = new LogStage("topics", async (from, _) => folder is not null
            ? LogContinuation.Open(kafka, folder, from)
            : KafkaEventLog.Open(kafka, from.IsEmpty ? await BeginningAsync(kafka) : from));
        LogStage[] stages = rest is null ? [topics] : [rest, topics];
        return await WithHeartbeatsAsync(kafka, stop => host.TrainAsync(stages, this, Error.WriteLine, stop), cancellation);
    }

    /// <inheritdoc/>
    public void Report(TrainingStatus value)
    {
        if (DateTime.UtcNow - told >= TellEvery)
        {
            told = DateTime.UtcNow;
            var metrics = string.Join(", ", value.Outputs.Select(output => $"{output.Name} AUC {output.Auc:F4}"));
            Error.WriteLine($"learned {value.Learned} examples, through {DateTimeOffset.FromUnixTimeMilliseconds(value.LearnedThrough):u}; {metrics}");
        }
    }

    private static Dictionary<LogPartition, long> Offsets(ImmutableArray<LogPosition> positions) => positions.ToDictionary(at => at.Partition, at => at.Offset);

    private static async Task<ImmutableArray<LogPosition>> BeginningAsync(KafkaSettings kafka)
    {
        using var topics = new KafkaTopics(kafka);
        return await topics.ReadStartAsync();
    }

    private LogStage Table()
    {
        var sources = job.Sources ?? throw new ArgumentException($"{parsed.GetValue(source.Job)} declares no sources: add them, or give --log or --topics.");
        return new LogStage("table", async (from, _) => await ProgressBar.RunAsync(parsed, "Reading the table", progress =>
            Task.Run(() => TableEventLog.Open(sources, job.Model.Schema, Offsets(from), progress))));
    }

    // Time moves on in the topics only by what is written to them.
    private async Task<T> WithHeartbeatsAsync<T>(KafkaSettings kafka, Func<CancellationToken, Task<T>> train, CancellationToken cancellation)
    {
        if (job.Join.Heartbeats != Events.HeartbeatSource.Clock)
        {
            return await train(cancellation);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var publisher = new KafkaEventPublisher(kafka);
        var partitions = (await BeginningAsync(kafka)).Select(position => position.Partition).ToImmutableArray();
        var beating = new KafkaHeartbeats(publisher, partitions, TimeProvider.System).RunAsync(stop.Token);
        var training = train(stop.Token);
        await Task.WhenAny(beating, training);
        await stop.CancelAsync();
        var result = await training;
        return beating.IsFaulted ? throw beating.Exception!.InnerException! : result;
    }
}
