using System.CommandLine;
using Ranking.Configuration;
using Ranking.Core;
using Ranking.Evaluation;
using Ranking.Events;
using Ranking.Inference;
using Ranking.Models;

namespace Ranking.Cli;

/// <summary><c>ranking evaluate</c>.</summary>
internal static class EvaluateCommand
{
    private const string Description = """
        Judges a version on labelled impressions: AUC per task, grouped AUC, log loss, calibration, with intervals. The job's
        test split is judged where it declares one, else everything.

        Examples:
          ranking evaluate
          ranking evaluate --baselines BoostedTrees,FactorizationMachine --html report.html
          ranking evaluate --log data/log --model-version 0001-0000199680 --output json
        """;

    public static Command Create()
    {
        var source = new LogOptions();
        var version = new Option<string?>("--model-version") { Description = "The version; the served one where not given." };
        var baselines = new Option<string?>("--baselines") { Description = "Models of Microsoft.ML to train on the training split beside it: LogisticRegression, BoostedTrees, FactorizationMachine." };
        var html = new Option<string?>("--html") { Description = "Also write the report as a page to this file." };
        var output = SharedOptions.Output();
        var command = new Command("evaluate", Description) { version, baselines, html, output };
        source.AddTo(command);
        return command.Runs(async (parsed, cancellation) =>
        {
            var job = JobFile.Load(parsed.GetRequiredValue(source.Job));
            using var model = Open(job, parsed.GetValue(version));
            var run = new EvaluationRun(ServingScorer.Of(model), Options(job, parsed.GetValue(baselines)));
            var set = new EvaluationSet();
            await using (var log = await source.OpenAsync(parsed, job, isBounded: true))
            {
                var join = new LabelJoin(job.Model.Tasks, job.Join with { MemoryEntries = int.MaxValue }, JobEntities.Load(job, parsed.InvocationConfiguration.Error.WriteLine), new SetOutput(set));
                await JoinReading.RunAsync(log, job.Join.MaxAhead, join, cancellation);
            }

            var report = run.Run(set, cancellation: cancellation);
            Write(parsed, report, parsed.GetValue(output), parsed.GetValue(html));
            return ExitCode.Ok;
        });
    }

    private static ServingModel Open(JobSpec job, string? version)
    {
        var store = new FolderModelStore(job.Store.Path);
        var name = version ?? store.Served(job.Model.Name)
            ?? throw new InvalidOperationException($"no version of '{job.Model.Name}' is served: train one, or name one of 'ranking model list'.");
        return ServingModel.Load(ModelArtifact.Open(store.FolderOf(job.Model.Name, name)));
    }

    private static EvaluationOptions Options(JobSpec job, string? baselines) => new()
    {
        Train = job.Sources?.Log.Split?.Train ?? [],
        Test = job.Sources?.Log.Split?.Test ?? [],
        Baselines = [.. (baselines?.Split(',') ?? []).Select(name => Enum.TryParse<BaselineKind>(name, ignoreCase: true, out var kind)
            ? kind
            : throw new ArgumentException($"--baselines has '{name}': give {string.Join(", ", Enum.GetNames<BaselineKind>())}."))],
    };

    private static void Write(ParseResult parsed, EvaluationReport report, OutputFormat format, string? html)
    {
        if (format == OutputFormat.Json)
        {
            ReportWriter.WriteJson(report, parsed.InvocationConfiguration.Output);
        }
        else
        {
            ReportWriter.WriteConsole(report, parsed.InvocationConfiguration.Output);
        }

        if (html is not null)
        {
            using var writer = new StreamWriter(html);
            ReportWriter.WriteHtml(report, writer);
        }
    }

    /// <summary>Gathers what the join yields.</summary>
    private sealed class SetOutput(EvaluationSet set) : IJoinOutput
    {
        public void Impression(in JoinedImpression impression)
        {
        }

        public void Example(Example example) => set.Add(example);

        public void Settled(in Settlement settlement)
        {
        }
    }
}
