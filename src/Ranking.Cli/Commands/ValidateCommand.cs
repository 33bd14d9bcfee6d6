using System.CommandLine;
using Ranking.Configuration;
using Ranking.Files;

namespace Ranking.Cli;

/// <summary><c>ranking validate</c>.</summary>
internal static class ValidateCommand
{
    private const string Description = """
        Tells everything that is wrong with a job file, each with its place, what was found, and the fix.

        Examples:
          ranking validate
          ranking validate --job deploy/samples/kuairand.yaml --data
          ranking validate --output json
          ranking validate --schema
        """;

    public static Command Create()
    {
        var job = SharedOptions.Job();
        var data = new Option<bool>("--data") { Description = "Also compare the file with the data that it names." };
        var schema = new Option<bool>("--schema") { Description = "Print the JSON schema of job files, for editors, and do nothing else." };
        var output = SharedOptions.Output();
        return new Command("validate", Description) { job, data, schema, output }.Runs(async (parsed, _) =>
        {
            if (parsed.GetValue(schema))
            {
                await parsed.InvocationConfiguration.Output.WriteAsync(JobSchema.Published);
                return ExitCode.Ok;
            }

            var faults = await ProgressBar.RunAsync(parsed, "Checking", progress => Task.Run(() => JobFile.Validate(
                parsed.GetRequiredValue(job),
                parsed.GetValue(data) ? spec => spec.Sources is null ? [] : SourceCheck.Run(spec.Sources, spec.Model.Schema, progress) : null)));
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                Results.WriteJson(parsed, faults);
            }
            else
            {
                await WriteAsync(parsed, parsed.GetRequiredValue(job), faults);
            }

            return faults.Count == 0 ? ExitCode.Ok : ExitCode.Wrong;
        });
    }

    private static async Task WriteAsync(ParseResult parsed, string path, IReadOnlyList<ConfigurationFault> faults)
    {
        foreach (var fault in faults)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync(fault.ToString());
        }

        if (faults.Count == 0)
        {
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{path} is fine.");
        }
    }
}
