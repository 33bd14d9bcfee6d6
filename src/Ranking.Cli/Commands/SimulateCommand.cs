using System.CommandLine;
using Ranking.Core;
using Ranking.Files;
using Ranking.Standalone;

namespace Ranking.Cli;

/// <summary><c>ranking simulate</c>.</summary>
internal static class SimulateCommand
{
    private const string Description = """
        Writes a simulated history: log.csv (labelled rows), users.csv and items.csv for the job of 'ranking init', and the
        same history as a log at rest in the folder log, with duplicates, disorder and delays; and truth.csv, the true
        probabilities of its impressions, for 'ranking evaluate'. The same seed gives the same.

        Examples:
          ranking simulate
          ranking simulate --folder data --impressions 50000 --seed 7
        """;

    public static Command Create()
    {
        var folder = new Option<string>("--folder") { Description = "Where to.", DefaultValueFactory = _ => "data" };
        var impressions = new Option<int>("--impressions") { Description = "How many impressions.", DefaultValueFactory = _ => 200_000 }.Within(10, 100_000_000);
        var seed = new Option<int>("--seed") { Description = "Another seed gives another world.", DefaultValueFactory = _ => 1 };
        var end = new Option<DateTimeOffset>("--end") { Description = "When the history ends.", DefaultValueFactory = _ => DateTimeOffset.UtcNow };
        return new Command("simulate", Description) { folder, impressions, seed, end, SharedOptions.Output() }.Runs(async (parsed, cancellation) =>
        {
            var world = SimulatedWorld.Create(new SimulationOptions { HistoryImpressions = parsed.GetValue(impressions), Seed = parsed.GetValue(seed) });
            var target = parsed.GetRequiredValue(folder);
            Directory.CreateDirectory(target);
            var records = await ProgressBar.RunStagesAsync(parsed, "Simulating", stages => Task.Run(
                () => Write(world, target, parsed.GetValue(end).ToUnixTimeMilliseconds(), stages, cancellation), cancellation));
            Results.WriteDone(parsed, $"wrote {records} records to {target}", new { Folder = target, Records = records });
            return ExitCode.Ok;
        });
    }

    private static long Write(SimulatedWorld world, string folder, long end, Stages stages, CancellationToken cancellation)
    {
        WriteFile(folder, "users.csv", writer => SimulatedTables.WriteUsers(world, writer));
        WriteFile(folder, "items.csv", writer => SimulatedTables.WriteItems(world, writer));
        var schema = SimulationJob.Schema;
        var history = new SimulatedHistory(world, new SimulatedFeatures(world, schema), EmbeddedBroker.Partitions, end);
        using var log = new LogFileWriter(Path.Combine(folder, "log"), SimulationJob.Partitions);
        var records = new List<LogEntry>();
        var total = world.Options.HistorySpan.TotalMilliseconds;
        foreach (var entry in history.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            log.Write(entry);
            records.Add(entry);
            stages.Show("Simulating", 1 - ((end - entry.BrokerTime) / total));
        }

        log.Complete();
        stages.Show("Writing the tables", null);
        WriteFile(folder, "log.csv", writer => SimulatedTables.WriteRows(records, schema.Find("tab")!.Id, writer));
        WriteFile(folder, "truth.csv", writer => SimulatedTruth.Write(world, records, history.OnTheirWay, schema.Find("tab")!.Id, writer));
        return records.Count;
    }

    private static void WriteFile(string folder, string name, Action<TextWriter> write)
    {
        using var writer = new StreamWriter(Path.Combine(folder, name)) { NewLine = "\n" };
        write(writer);
    }
}
