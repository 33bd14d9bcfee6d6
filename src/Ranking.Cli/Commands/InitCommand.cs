using System.CommandLine;

namespace Ranking.Cli;

/// <summary><c>ranking init</c>.</summary>
internal static class InitCommand
{
    private const string Description = """
        Writes a commented job file to begin with.

        Examples:
          ranking init
          ranking init --job jobs/feed.yaml
        """;

    public static Command Create()
    {
        var job = SharedOptions.Job();
        var force = new Option<bool>("--force") { Description = "Write over a file that is there." };
        return new Command("init", Description) { job, force, SharedOptions.Output() }.Runs(async (parsed, cancellation) =>
        {
            var path = parsed.GetRequiredValue(job);
            if (File.Exists(path) && !parsed.GetValue(force))
            {
                throw new InvalidOperationException($"{path} is there already: give another --job, or --force to write over it.");
            }

            await File.WriteAllTextAsync(path, SimulationJob.Text, cancellation);
            Results.WriteDone(parsed, $"wrote {path}", new { Job = path });
            return ExitCode.Ok;
        });
    }
}
