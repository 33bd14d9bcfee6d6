using Ranking.Configuration;
using Ranking.Core;
using Ranking.Events;
using Ranking.Files;
using Ranking.Streaming;

namespace Ranking.Evaluation;

/// <summary>Which log examples are read from: a log at rest, the topics, or the job's table of labelled rows.</summary>
public sealed record ExampleSource
{
    /// <summary>The split that impressions before <see cref="TestFrom"/> belong to.</summary>
    public const string TrainSplit = "train";

    /// <summary>The split that impressions from <see cref="TestFrom"/> on belong to.</summary>
    public const string TestSplit = "test";

    /// <summary>The job.</summary>
    public required JobSpec Job { get; init; }

    /// <summary>The folder of a log at rest; takes precedence over the other two.</summary>
    public string? Log { get; init; }

    /// <summary>Where the topics are, read to where they end now; null for the job's table.</summary>
    public KafkaSettings? Topics { get; init; }

    /// <summary>For a log without splits: impressions from this time on are the split <c>test</c>, those before <c>train</c>.</summary>
    public DateTimeOffset? TestFrom { get; init; }

    /// <summary>Whether statistics and sequences stop with the training splits, as the weights do: what comes later reads them as they were then.</summary>
    public bool FreezesHistory { get; init; }

    /// <summary>Whether it is the job's table that is read.</summary>
    public bool IsTable => Log is null && Topics is null;

    /// <summary>Opens the log from its beginning; a bounded read of topics ends where they end now and writes nothing.</summary>
    /// <exception cref="EvaluationException">Nothing is named that could be read.</exception>
    /// <exception cref="TableException">A file is missing or damaged.</exception>
    /// <exception cref="ServiceUnreachableException">The brokers cannot be reached.</exception>
    internal async Task<IEventLog> OpenAsync(IProgress<double> progress)
    {
        if (Log is not null)
        {
            return LogFile.Open(Log);
        }

        if (Topics is null)
        {
            var sources = Job.Sources ?? throw new EvaluationException($"the job '{Job.Model.Name}' declares no sources: add them, or name a log or the topics.");
            return await Task.Run(() => TableEventLog.Open(sources, Job.Model.Schema, progress: progress)).ConfigureAwait(false);
        }

        using var topics = new KafkaTopics(Topics);
        var (start, end) = (await topics.ReadStartAsync().ConfigureAwait(false), await topics.ReadEndAsync().ConfigureAwait(false));
        return KafkaEventLog.Open(Topics, start, end);
    }

    internal HistoryFold? History() => HistoryFold.Of(
        Job.Model.Schema, Job.Model.Statistics, Job.Model.Sequences, split => FreezesHistory && Job.Sources?.Log.Split is { } splits && !splits.Train.Contains(split));

    internal string SplitOf(Example example) => TestFrom is not { } from
        ? example.Split
        : example.EventTime >= from.ToUnixTimeMilliseconds() ? TestSplit : TrainSplit;
}
