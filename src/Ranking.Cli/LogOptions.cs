using System.CommandLine;
using Ranking.Configuration;
using Ranking.Core;
using Ranking.Files;
using Ranking.Streaming;

namespace Ranking.Cli;

/// <summary>The options that say which log is read: the topics, a log at rest, or the job's table.</summary>
internal sealed class LogOptions
{
    /// <summary>The job file.</summary>
    public Option<string> Job { get; } = SharedOptions.Job();

    /// <summary>A log at rest.</summary>
    public Option<string?> Log { get; } = new("--log") { Description = "The folder of a log at rest." };

    /// <summary>Whether the topics are read.</summary>
    public Option<bool> Topics { get; } = new("--topics") { Description = "Read the topics, at the default address or that of the environment; --kafka implies it." };

    /// <summary>Where Kafka is.</summary>
    public Option<string?> Kafka { get; } = SharedOptions.Kafka();

    /// <summary>Adds all of them.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { Job, Log, Topics, Kafka })
        {
            command.Add(option);
        }
    }

    /// <summary>Whether the topics are to be read.</summary>
    public bool ReadsTopics(ParseResult parsed) => parsed.GetValue(Topics) || parsed.GetValue(Kafka) is not null;

    /// <summary>Opens the log from its beginning: the one at rest where given, else the topics where asked, else the job's table.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="job">The job.</param>
    /// <param name="isBounded">Whether the topics end where they end now.</param>
    public async Task<IEventLog> OpenAsync(ParseResult parsed, JobSpec job, bool isBounded)
    {
        if (parsed.GetValue(Log) is { } folder)
        {
            return LogFile.Open(folder);
        }

        if (ReadsTopics(parsed))
        {
            return await OpenTopicsAsync(SharedOptions.KafkaSettings(job, parsed.GetValue(Kafka)), isBounded);
        }

        var sources = job.Sources ?? throw new ArgumentException($"{parsed.GetValue(Job)} declares no sources: add them, or give --log or --topics.");
        return await ProgressBar.RunAsync(parsed, "Reading the table", progress => Task.Run(() => TableEventLog.Open(sources, job.Model.Schema, progress: progress)));
    }

    private static async Task<IEventLog> OpenTopicsAsync(KafkaSettings settings, bool isBounded)
    {
        using var topics = new KafkaTopics(settings);
        return KafkaEventLog.Open(settings, await topics.ReadStartAsync(), isBounded ? await topics.ReadEndAsync() : null);
    }
}
