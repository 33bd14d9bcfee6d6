using System.CommandLine;
using System.Text.Json;
using Ranking.Testing;

namespace Ranking.Cli.Tests;

public sealed class RankingCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Leaves => [.. LeavesOf(RankingCommand.Create(), [])];

    [Theory]
    [MemberData(nameof(Leaves))]
    public async Task Help_OfEveryCommand_HasAnExampleThatParses(string command)
    {
        var (code, output, _) = await CommandLine.Run([.. command.Split(' '), "--help"]);
        Assert.Equal(0, code);
        var examples = output.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith($"ranking {command}", StringComparison.Ordinal)).ToArray();
        // The usage line looks like an example and is none.
        examples = [.. examples.Where(example => !example.Contains("[options]", StringComparison.Ordinal) && !example.Contains('<'))];
        Assert.NotEmpty(examples);
        Assert.All(examples, example => Assert.Empty(RankingCommand.Create().Parse(example["ranking ".Length..]).Errors));
    }

    [Fact]
    public async Task Help_OfTheRoot_TellsOfEachCommandWhatItDoesAndNoMore()
    {
        var (_, output, _) = await CommandLine.Run("--help");
        Assert.Contains("Judges a version on labelled impressions", output, StringComparison.Ordinal);
        Assert.DoesNotContain("ranking evaluate --split", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'--nonsense'", "validate", "--nonsense")]
    [InlineData("--seed is 'x': give a whole number.", "simulate", "--seed", "x")]
    [InlineData("--seconds is 'x': give a number.", "standalone", "--seconds", "x")]
    [InlineData("--test-from is 'noon': give a time", "evaluate", "--test-from", "noon")]
    [InlineData("--output is 'xml': give table or json.", "model", "list", "--output", "xml")]
    [InlineData("entity is 'person': give user or item.", "features", "get", "person", "1")]
    [InlineData("'--items' is required", "rank", "--user", "u1")]
    [InlineData("--server is 'nonsense': write http://HOST:PORT.", "rank", "--user", "u1", "--items", "i1", "--server", "nonsense")]
    [InlineData("'nonsense': write host:port", "topics", "create", "--kafka", "nonsense")]
    public async Task Run_WrongUsage_NamesOptionValueAndFix(string told, params string[] args)
    {
        await CommandLine.Run("init", "--job", folder.Combine("ranking.yaml"));
        var (code, output, error) = await CommandLine.Run(args[0] == "topics" ? [.. args, "--job", folder.Combine("ranking.yaml")] : args);
        Assert.Equal((ExitCode.Wrong, ""), (code, output));
        Assert.Contains(told, error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", error, StringComparison.Ordinal);
        Assert.DoesNotContain("(Parameter", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Init_FileIsThere_LeavesItAlone()
    {
        var job = folder.Combine("ranking.yaml");
        Assert.Equal(ExitCode.Ok, (await CommandLine.Run("init", "--job", job)).Code);
        var (code, _, error) = await CommandLine.Run("init", "--job", job);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("--force", error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, (await CommandLine.Run("init", "--job", job, "--force")).Code);
    }

    [Fact]
    public async Task Simulate_ForTheInitialJob_WritesDataThatItFits()
    {
        var job = folder.Combine("ranking.yaml");
        await CommandLine.Run("init", "--job", job);
        Assert.Equal(ExitCode.Ok, (await CommandLine.Run("simulate", "--folder", folder.Combine("data"), "--impressions", "2000", "--end", CommandLine.HistoryEnd)).Code);
        var (code, error, output) = await Validate(job);
        Assert.Equal((ExitCode.Ok, ""), (code, error));
        Assert.StartsWith($"{job} is fine.\n", output, StringComparison.Ordinal);
        Assert.Equal(2_001, File.ReadLines(folder.Combine("data/log.csv")).Count());
        Assert.True(File.Exists(folder.Combine("data/log/events-3.log")));
    }

    [Fact]
    public async Task Validate_WrongJob_TellsEveryFaultAsJson()
    {
        var job = folder.Combine("ranking.yaml");
        await File.WriteAllTextAsync(job, SimulationJob.Text.Replace("batch_size: 512", "batch_size: many", StringComparison.Ordinal).Replace("kind: list", "kind: lists", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var (code, output, _) = await CommandLine.Run("validate", "--job", job, "--output", "json");
        Assert.Equal(ExitCode.Wrong, code);
        using var faults = JsonDocument.Parse(output);
        Assert.Equal(2, faults.RootElement.GetProperty("faults").GetArrayLength());
        Assert.Contains(faults.RootElement.GetProperty("faults").EnumerateArray(), fault => fault.GetProperty("path").GetString() == "training.batch_size");
    }

    [Fact]
    public async Task Validate_Data_CountsTheLabelsOfEveryTask()
    {
        var job = folder.Combine("ranking.yaml");
        // So short a window that some clicks come after it.
        await File.WriteAllTextAsync(job, SimulationJob.Text.Replace("ctr: {outcome: click, window: 15s, lateness: 3s}", "ctr: {outcome: click, window: 2s}", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await CommandLine.Run("simulate", "--folder", folder.Combine("data"), "--impressions", "2000", "--end", CommandLine.HistoryEnd);
        var (code, output, error) = await CommandLine.Run("validate", "--job", job, "--data", "--output", "json");
        Assert.True(code == ExitCode.Ok, error);

        var rows = File.ReadLines(folder.Combine("data/log.csv")).Skip(1).Select(line => line.Split(',')).ToArray();
        var inTime = rows.Count(row => row[5] == "1" && int.Parse(row[7]) <= 2_000);
        Assert.NotEqual(rows.Count(row => row[5] == "1"), inTime);
        using var result = JsonDocument.Parse(output);
        var labels = result.RootElement.GetProperty("labels").EnumerateArray().ToDictionary(row => row.GetProperty("task").GetString()!);
        Assert.Equal((2_000, 2_000, inTime), CountsOf(labels["ctr"]));
        Assert.Equal((2_000, inTime), (CountsOf(labels["cvr"]).Impressions, CountsOf(labels["cvr"]).Observed));
        Assert.Equal(inTime / 2_000.0, labels["ctr"].GetProperty("positive_share").GetDouble());
    }

    [Fact]
    public async Task EventExplain_ClickOfASimulatedLog_IsJoined()
    {
        var job = folder.Combine("ranking.yaml");
        await CommandLine.Run("init", "--job", job);
        await CommandLine.Run("simulate", "--folder", folder.Combine("data"), "--impressions", "2000", "--end", CommandLine.HistoryEnd);
        var rows = File.ReadLines(folder.Combine("data/log.csv")).Skip(1).Select(line => line.Split(',')).ToArray();
        var clicked = rows.First(row => row[5] == "1");
        // The request is found by its place: requests are numbered in the order of their time, ten rows each.
        var request = $"h{rows.TakeWhile(row => row != clicked).Count(row => row[4] == "0") - (clicked[4] == "0" ? 0 : 1)}";
        var (code, output, error) = await CommandLine.Run(
            "event", "explain", "--job", job, "--log", folder.Combine("data/log"), "--request", request, "--item", clicked[1], "--name", "click", "--output", "json");
        Assert.True(code == ExitCode.Ok, error);
        Assert.Contains("joined: positive for ctr", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rank_NoServer_IsUnreachable()
    {
        var (code, _, error) = await CommandLine.Run("rank", "--server", $"http://127.0.0.1:{FreePort.Next()}", "--user", "u1", "--items", "i1");
        Assert.Equal(ExitCode.Unreachable, code);
        Assert.Contains("does not answer", error, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private static async Task<(int Code, string Error, string Output)> Validate(string job)
    {
        var (code, output, error) = await CommandLine.Run("validate", "--job", job, "--data");
        return (code, error, output);
    }

    private static (int Impressions, int Observed, int Positive) CountsOf(JsonElement labels) =>
        (labels.GetProperty("impressions").GetInt32(), labels.GetProperty("observed").GetInt32(), labels.GetProperty("positive").GetInt32());

    private static IEnumerable<string> LeavesOf(Command command, string[] path) => command.Subcommands.Count == 0
        ? [string.Join(' ', path)]
        : command.Subcommands.SelectMany(child => LeavesOf(child, [.. path, child.Name]));
}
