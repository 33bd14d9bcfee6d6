using System.CommandLine;

namespace Ranking.Cli;

/// <summary><c>ranking events</c> and <c>ranking event</c>.</summary>
internal static class EventsCommand
{
    private const string Description = """
        Writes a log at rest, or the job's table of labelled rows as the events that it stands for, into the topics.
        A table's events end with an end record in every partition; a log at rest has what it has. Rows that
        are no events go to the dead-letter topic with the reason, and the exit code is 1.

        Examples:
          ranking events load --kafka localhost:9092
          ranking events load --log data/log --kafka localhost:9092
        """;

    public static Command Create() => new("events", "The log's events.") { Load() };

    private static Command Load()
    {
        var job = SharedOptions.Job();
        var kafka = SharedOptions.Kafka();
        var log = new Option<string?>("--log") { Description = "The folder of a log at rest; the job's table where not given." };
        var output = SharedOptions.Output();
        return new Command("load", Description) { job, kafka, log, output }.Runs(async (parsed, cancellation) =>
        {
            var counts = await ProgressBar.RunStagesAsync(parsed, "Reading the log", stages => Task.Run(
                () => EventLoad.Open(parsed.GetRequiredValue(job), parsed.GetValue(log), parsed.GetValue(kafka), stages.Of("Reading the table"))
                    .RunAsync(stages.Of("Writing events"), cancellation),
                cancellation));
            Results.Write(parsed, parsed.GetValue(output), counts, ("partition", row => row.Partition), ("records", row => $"{row.Records}"), ("dead letters", row => $"{row.Faulty}"));
            return counts.Any(row => row.Faulty > 0) ? ExitCode.Failed : ExitCode.Ok;
        });
    }
}
