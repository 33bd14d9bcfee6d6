using System.CommandLine;
using Ranking.Configuration;
using Ranking.Evaluation;

namespace Ranking.Cli;

/// <summary><c>ranking export</c>.</summary>
internal static class ExportCommand
{
    private const string Description = """
        Writes the joined examples of the job's table, a log at rest, or the topics to where they end now, as the learner
        sees them: labels, which of them the example carries, weight, event time, and the raw features by name. A list is one
        text with commas. Parquet or JSON lines, by the file's ending: .parquet, .jsonl, .jsonl.gz.

        Examples:
          ranking export examples examples.parquet
          ranking export examples examples.jsonl.gz --log data/log
          ranking export examples examples.parquet --kafka localhost:9092 --output json
        """;

    public static Command Create() => new("export", "Data for other programs.") { Examples() };

    private static Command Examples()
    {
        var file = new Argument<string>("file") { Description = "Where to." };
        var source = new LogOptions();
        var command = new Command("examples", Description) { file, SharedOptions.Output() };
        source.AddTo(command);
        return command.Runs(async (parsed, cancellation) =>
        {
            var job = JobFile.Load(parsed.GetRequiredValue(source.Job));
            var examples = new ExampleSource
            {
                Job = job,
                Log = parsed.GetValue(source.Log),
                Topics = source.ReadsTopics(parsed) ? SharedOptions.KafkaSettings(job, parsed.GetValue(source.Kafka)) : null,
            };
            var path = parsed.GetRequiredValue(file);
            var count = await ProgressBar.RunStagesAsync(parsed, "Exporting", stages => ExampleExport.RunAsync(
                examples, path, stages.Tell, stages.Of("Exporting"), cancellation));
            Results.WriteDone(parsed, $"wrote {count} examples to {path}", new { File = path, Examples = count });
            return ExitCode.Ok;
        });
    }
}
