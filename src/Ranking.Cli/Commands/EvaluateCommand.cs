using System.CommandLine;
using Ranking.Configuration;
using Ranking.Evaluation;

namespace Ranking.Cli;

/// <summary><c>ranking evaluate</c>.</summary>
internal static class EvaluateCommand
{
    private const string Description = """
        Judges a version on labelled impressions, scored as the server scores them: for each task AUC, AUC within users,
        average precision, log loss in nats and calibration, and NDCG of each objective, with 95 % intervals, also by slices,
        and beside them baselines of Microsoft.ML. Reads the job's table, a log at rest, or the topics to where they end now;
        writes nothing to them. With --progressive it judges what a trainer that learned throughout (training.online) predicted at
        each impression's own place, over the whole period and by day. With --compare two versions are tested in pairs, and the exit code tells the verdict.

        Exit codes: 0 done, and not worse (--require better: better) than the version compared with; 4 compared, and worse
        (--require better: not better); 2 wrong usage, configuration or data, or no such version; 3 Kafka cannot be reached.

        Examples:
          ranking evaluate
          ranking evaluate --split test --baselines trees,ffm,logistic --html report.html
          ranking evaluate --version 12 --compare 11 --require better --min-difference 0.001
          ranking evaluate --progressive artifacts/learning.predictions --slice-by day,day_hour --html report.html
          ranking evaluate --importance 50000 --html report.html --csv report.csv
          ranking evaluate --importance 50000 --importance-group "taste=user_id.tag.*,user_id.author_id.*" --importance-group where=tab,city
          ranking evaluate --log data/log --truth data/truth.csv --slice-by tab
          ranking evaluate --kafka localhost:9092 --test-from 2026-05-05T00:00:00Z --baselines trees --output json
        """;

    public static Command Create()
    {
        var source = new LogOptions();
        var version = new Option<string?>("--model-version", "--version") { Description = "The version; the served one where not given." };
        var split = List("--split", "The judged splits, separated by commas; where not given the table's test splits, or all impressions.");
        var testFrom = new Option<DateTimeOffset?>("--test-from") { Description = "For a log without splits: impressions from this time on are the split test, those before train." };
        var freeze = new Option<bool>("--freeze-history") { Description = "Statistics and sequences stop with the table's train splits, as the weights do, and are read as of then; without it they go on." };
        var baselines = List("--baselines", "Baselines trained on the train split, separated by commas: trees, ffm, logistic.");
        var sliceBy = List("--slice-by", "By whose values the metrics are cut, separated by commas: categorical features, split, day_hour, day, hour (UTC), position, user_history, item_history (impressions in training); the last five where not given.");
        var progressive = new Option<string?>("--progressive") { Description = "Judge the predictions in this file, which 'ranking train --predictions' wrote, instead of a version." };
        var compare = new Option<string?>("--compare") { Description = "Another version, to be compared with in pairs on the same impressions." };
        var least = new Option<double>("--min-difference") { Description = "How far the AUCs must lie apart, with 95 % certainty, to be called different. Default 0." };
        var require = new Option<string>("--require") { Description = "What the comparison must come to for exit code 0: not_worse (the default) or better.", DefaultValueFactory = _ => EvaluationSettings.NotWorse };
        var importance = new Option<int>("--importance") { Description = "Also measure what each feature is worth, on at most so many impressions drawn at random." };
        var importanceGroup = new Option<string[]>("--importance-group")
        {
            Description = "Features to measure together, as NAME=feature1,feature2,prefix*; event_time may be among them. "
                + "Give it again for each group. The rest: statistics by key and kind, other features by names that differ in numbers alone, and all of the user, the item, the request.",
            DefaultValueFactory = _ => [],
        };
        var truth = new Option<string?>("--truth") { Description = "True probabilities by impression, as 'ranking simulate' writes them: the best possible AUC then stands in the report." };
        var html = new Option<string?>("--html") { Description = "Also write a self-contained HTML page to this file." };
        var json = new Option<string?>("--json") { Description = "Also write the report as JSON to this file." };
        var csv = new Option<string?>("--csv") { Description = "Also write the report as CSV, a line a figure, to this file." };
        var output = SharedOptions.Output();
        var command = new Command("evaluate", Description)
        {
            version, progressive, compare, least, require, split, testFrom, freeze, baselines, sliceBy, importance, importanceGroup, truth, html, json, csv, output,
        };
        source.AddTo(command);
        return command.Runs(async (parsed, cancellation) =>
        {
            var settings = new EvaluationSettings
            {
                Job = parsed.GetRequiredValue(source.Job),
                Log = parsed.GetValue(source.Log),
                Topics = source.ReadsTopics(parsed),
                Version = parsed.GetValue(version),
                Progressive = parsed.GetValue(progressive),
                Split = parsed.GetValue(split)!,
                TestFrom = parsed.GetValue(testFrom),
                FreezeHistory = parsed.GetValue(freeze),
                Baselines = parsed.GetValue(baselines)!,
                SliceBy = parsed.GetValue(sliceBy)!,
                Compare = parsed.GetValue(compare),
                MinimumDifference = parsed.GetValue(least),
                Require = parsed.GetRequiredValue(require),
                Importance = parsed.GetValue(importance),
                ImportanceGroups = parsed.GetValue(importanceGroup)!,
                Truth = parsed.GetValue(truth),
                Html = parsed.GetValue(html),
                Json = parsed.GetValue(json),
                Csv = parsed.GetValue(csv),
            };
            var job = JobFile.Load(settings.Job);
            var host = new EvaluationHost(settings, job, SharedOptions.KafkaSettings(job, parsed.GetValue(source.Kafka)));
            var report = await ProgressBar.RunStagesAsync(parsed, "read", stages => host.RunAsync(new Progress(stages), stages.Tell, cancellation));
            Write(report, parsed.GetValue(output), parsed.InvocationConfiguration.Output);
            return settings.IsMet(report) ? ExitCode.Ok : ExitCode.Worse;
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
