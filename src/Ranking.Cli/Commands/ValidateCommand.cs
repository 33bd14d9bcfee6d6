using System.Collections.Immutable;
using System.CommandLine;
using Ranking.Configuration;
using Ranking.Evaluation;
using Ranking.Files;

namespace Ranking.Cli;

/// <summary><c>ranking validate</c>.</summary>
internal static class ValidateCommand
{
    private const string Description = """
        Tells everything that is wrong with a job file, each with its place, what was found, and the fix. With --data the
        job's table is read and joined too, and for each task it is told how many impressions have its label and how many of
        these are positive.

        Exit codes: 0 nothing is wrong; 2 something is.

        Examples:
          ranking validate
          ranking validate --job deploy/samples/kuairand.yaml --data
          ranking validate --output json
          ranking validate --schema
        """;

    public static Command Create()
    {
        var job = SharedOptions.Job();
        var data = new Option<bool>("--data") { Description = "Also compare the file with the data that it names, and count its labels." };
        var schema = new Option<bool>("--schema") { Description = "Print the JSON schema of job files, for editors, and do nothing else." };
        var output = SharedOptions.Output();
        return new Command("validate", Description) { job, data, schema, output }.Runs(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(schema))
            {
                await parsed.InvocationConfiguration.Output.WriteAsync(JobSchema.Published);
                return ExitCode.Ok;
            }

            var path = parsed.GetRequiredValue(job);
            var (faults, labels) = await ProgressBar.RunStagesAsync(parsed, "Checking", stages => Task.Run(
                () => parsed.GetValue(data) ? CheckWithDataAsync(path, stages, cancellation) : Task.FromResult((JobFile.Validate(path), ImmutableArray<TaskLabels>.Empty)),
                cancellation));
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                Results.WriteJson(parsed, new { Faults = faults, Labels = labels });
            }
            else
            {
                await WriteAsync(parsed, path, faults, labels);
            }

            return faults.Count == 0 ? ExitCode.Ok : ExitCode.Wrong;
        });
    }

    private static async Task<(IReadOnlyList<ConfigurationFault> Faults, ImmutableArray<TaskLabels> Labels)> CheckWithDataAsync(
        string path, Stages stages, CancellationToken cancellation)
    {
        var faults = JobFile.Validate(
            path, spec => spec.Sources is null ? [] : SourceCheck.Run(spec.Sources, spec.Model.Schema, stages.Of("Checking the data")));
        var job = faults.Count == 0 ? JobFile.Load(path) : null;
        return job?.Sources is null
            ? (faults, [])
            : (faults, await TaskLabels.CountAsync(new ExampleSource { Job = job }, stages.Tell, stages.Of("Counting labels"), cancellation));
    }

    private static async Task WriteAsync(ParseResult parsed, string path, IReadOnlyList<ConfigurationFault> faults, ImmutableArray<TaskLabels> labels)
    {
        foreach (var fault in faults)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync(fault.ToString());
        }

        if (faults.Count == 0)
        {
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{path} is fine.");
        }

        if (!labels.IsEmpty)
        {
            Results.Write(
                parsed, OutputFormat.Table, labels,
                ("task", row => row.Task), ("impressions", row => $"{row.Impressions}"),
                ("label observed", row => $"{row.Observed} ({row.ObservedShare:P2})"), ("positive of these", row => $"{row.Positive} ({row.PositiveShare:P2})"));
        }
    }
}
