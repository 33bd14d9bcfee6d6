using System.CommandLine;
using Ranking.Files;

namespace Ranking.Cli;

/// <summary><c>ranking init</c>.</summary>
internal static class InitCommand
{
    private const string Description = """
        Writes a commented job file to begin with. With --from it is a draft for data that are there: a table with a row an
        impression and, where they are apart, tables of its users and items (.csv, .jsonl, either also .gz, or .parquet). Ids,
        time, labels, what must not be a feature, kinds and transforms are inferred, each with its reason in a comment.

        Exit codes: 0 the file is written; 2 the data do not say what a job needs, which is told with what to do.

        Examples:
          ranking init
          ranking init --job jobs/feed.yaml
          ranking init --from data/log.csv.gz data/users.csv.gz data/items.parquet
          ranking init --from log.csv --label clicked --label bought --user customer
        """;

    public static Command Create()
    {
        var job = SharedOptions.Job();
        var force = new Option<bool>("--force") { Description = "Write over a file that is there." };
        var from = new Option<string[]>("--from") { Description = "Files to draft the job for: one log, and tables of users and items.", AllowMultipleArgumentsPerToken = true };
        var labels = new Option<string[]>("--label") { Description = "With --from: a column of the log that says whether something followed; may be repeated." };
        var user = new Option<string?>("--user") { Description = "With --from: the log's column with the user's id." };
        var item = new Option<string?>("--item") { Description = "With --from: the log's column with the item's id." };
        var time = new Option<string?>("--time") { Description = "With --from: the log's column with the event time." };
        return new Command("init", Description) { job, from, labels, user, item, time, force, SharedOptions.Output() }.Runs(async (parsed, cancellation) =>
        {
            var path = parsed.GetRequiredValue(job);
            if (File.Exists(path) && !parsed.GetValue(force))
            {
                throw new InvalidOperationException($"{path} is there already: give another --job, or --force to write over it.");
            }

            if (parsed.GetValue(from) is not { Length: > 0 } files)
            {
                await File.WriteAllTextAsync(path, SimulationJob.Text, cancellation);
                Results.WriteDone(parsed, $"wrote {path}", new { Job = path, Doubts = Array.Empty<string>() });
                return ExitCode.Ok;
            }

            var hints = new DraftHints { User = parsed.GetValue(user), Item = parsed.GetValue(item), Time = parsed.GetValue(time), Labels = [.. parsed.GetValue(labels) ?? []] };
            var draft = await ProgressBar.RunAsync(parsed, "Reading the data", progress => Task.Run(() => SourceDrafter.Draft(files, hints, progress), cancellation));
            await File.WriteAllTextAsync(path, JobDraft.Write(draft, Path.GetDirectoryName(Path.GetFullPath(path))!), cancellation);
            Results.WriteDone(parsed, string.Join('\n', [$"wrote {path}", .. draft.Doubts.Select(doubt => $"to decide: {doubt}")]), new { Job = path, draft.Doubts });
            return ExitCode.Ok;
        });
    }
}
