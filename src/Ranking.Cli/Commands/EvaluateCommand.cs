using System.CommandLine;
using Ranking.Configuration;
using Ranking.Evaluation;

namespace Ranking.Cli;

/// <summary><c>ranking evaluate</c>.</summary>
internal static class EvaluateCommand
{
    private const string Description = """
        Judges a version on labelled impressions, scored as the server scores them: for each task AUC, AUC within users, log
        loss in nats and calibration, with 95 % intervals, and beside them baselines of Microsoft.ML. Reads the job's table,
        a log at rest, or the topics to where they end now; writes nothing to them.

        Exit codes: 0 done; 2 wrong usage, configuration or data, or no such version; 3 Kafka cannot be reached.

        Examples:
          ranking evaluate
          ranking evaluate --split test --baselines trees,ffm,logistic --html report.html
          ranking evaluate --log data/log --truth data/truth.csv --slice-by tab
          ranking evaluate --kafka localhost:9092 --test-from 2026-05-05T00:00:00Z --baselines trees --output json
        """;

    public static Command Create()
    {
        var source = new LogOptions();
        var version = new Option<string?>("--model-version", "--version") { Description = "The version; the served one where not given." };
        var split = List("--split", "The judged splits, separated by commas; where not given the table's test splits, or all impressions.");
        var testFrom = new Option<DateTimeOffset?>("--test-from") { Description = "For a log without splits: impressions from this time on are the split test, those before train." };
        var baselines = List("--baselines", "Baselines trained on the train split, separated by commas: trees, ffm, logistic.");
        var sliceBy = List("--slice-by", "Categorical features, or split, by whose values the metrics are cut, separated by commas.");
        var truth = new Option<string?>("--truth") { Description = "True probabilities by impression, as 'ranking simulate' writes them: the best possible AUC then stands in the report." };
        var html = new Option<string?>("--html") { Description = "Also write a self-contained HTML page to this file." };
        var json = new Option<string?>("--json") { Description = "Also write the report as JSON to this file." };
        var output = SharedOptions.Output();
        var command = new Command("evaluate", Description) { version, split, testFrom, baselines, sliceBy, truth, html, json, output };
        source.AddTo(command);
        return command.Runs(async (parsed, cancellation) =>
        {
            var settings = new EvaluationSettings
            {
                Job = parsed.GetRequiredValue(source.Job),
                Log = parsed.GetValue(source.Log),
                Topics = source.ReadsTopics(parsed),
                Version = parsed.GetValue(version),
                Split = parsed.GetValue(split)!,
                TestFrom = parsed.GetValue(testFrom),
                Baselines = parsed.GetValue(baselines)!,
                SliceBy = parsed.GetValue(sliceBy)!,
                Truth = parsed.GetValue(truth),
                Html = parsed.GetValue(html),
                Json = parsed.GetValue(json),
            };
            var job = JobFile.Load(settings.Job);
            var host = new EvaluationHost(settings, job, SharedOptions.KafkaSettings(job, parsed.GetValue(source.Kafka)));
            var report = await ProgressBar.RunStagesAsync(parsed, "read", stages => host.RunAsync(new Progress(stages), stages.Tell, cancellation));
            Write(report, parsed.GetValue(output), parsed.InvocationConfiguration.Output);
            return ExitCode.Ok;
        });
    }

    private static void Write(EvaluationReport report, OutputFormat format, TextWriter output)
    {
        if (format == OutputFormat.Json)
        {
            ReportWriter.WriteJson(report, output);
        }
        else
        {
            ReportWriter.WriteConsole(report, output);
        }
    }

    private static Option<string[]> List(string name, string description) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => [],
        CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
    };

    private sealed class Progress(Stages stages) : IProgress<EvaluationProgress>
    {
        public void Report(EvaluationProgress value) => stages.Show(value.Stage, value.Done == 0 ? null : (double)value.Done / value.Total);
    }
}
