using System.Globalization;
using System.Text.Json;
using Ranking.Testing;

namespace Ranking.Cli.Tests;

public sealed class EvaluateCommandTests : IDisposable
{
    private const int Impressions = 4_000;

    private readonly TemporaryFolder folder = new();

    private string Job => folder.Combine("ranking.yaml");

    private string Log => folder.Combine("data/log");

    [Fact]
    public async Task Evaluate_TrainedVersion_TellsEveryTaskBesideTheBestPossible()
    {
        await TrainAsync();
        var (code, output, error) = await CommandLine.Run(
            "evaluate", "--job", Job, "--log", Log, "--truth", folder.Combine("data/truth.csv"), "--slice-by", "tab",
            "--html", folder.Combine("report.html"), "--json", folder.Combine("report.json"), "--output", "json");

        Assert.True(code == ExitCode.Ok, error);
        Assert.Equal(output, await File.ReadAllTextAsync(folder.Combine("report.json"), TestContext.Current.CancellationToken));
        Assert.StartsWith("<!", await File.ReadAllTextAsync(folder.Combine("report.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using var report = JsonDocument.Parse(output);
        Assert.Equal(4, report.RootElement.GetProperty("slices").GetArrayLength());
        var outputs = report.RootElement.GetProperty("models")[0].GetProperty("outputs").EnumerateArray().ToArray();
        Assert.Equal(["ctr", "cvr", "ctcvr"], outputs.Select(each => each.GetProperty("output").GetString()));
        Assert.All(outputs, each => Assert.InRange(each.GetProperty("auc").GetDouble(), 0.5, 1));
        // The best possible over 4,000 impressions; a table of another order would give about one half.
        Assert.InRange(outputs[0].GetProperty("best_auc").GetDouble(), 0.7, 0.9);
        Assert.InRange(outputs[1].GetProperty("over_all").GetProperty("best_auc").GetDouble(), 0.6, 0.9);
    }

    [Fact]
    public async Task Evaluate_TableWithTruth_FindsEveryRow()
    {
        await TrainAsync();
        var (code, output, error) = await CommandLine.Run(
            "evaluate", "--job", Job, "--truth", folder.Combine("data/truth.csv"), "--output", "json");

        Assert.True(code == ExitCode.Ok, error);
        using var report = JsonDocument.Parse(output);
        Assert.Equal(Impressions, report.RootElement.GetProperty("data").GetProperty("impressions").GetInt32());
        Assert.InRange(report.RootElement.GetProperty("models")[0].GetProperty("outputs")[0].GetProperty("best_auc").GetDouble(), 0.7, 0.9);
    }

    [Fact]
    public async Task Evaluate_SplitByTime_TrainsBaselinesOnWhatCameBefore()
    {
        await TrainAsync();
        var end = DateTimeOffset.Parse(CommandLine.HistoryEnd, CultureInfo.InvariantCulture);
        await CommandLine.Run("simulate", "--folder", folder.Combine("data"), "--impressions", $"{Impressions}", "--end", CommandLine.HistoryEnd);
        var (code, output, error) = await CommandLine.Run(
            "evaluate", "--job", Job, "--log", Log, "--test-from", $"{end.AddHours(-3):O}", "--baselines", "logistic", "--output", "json");

        Assert.True(code == ExitCode.Ok, error);
        using var report = JsonDocument.Parse(output);
        Assert.Equal(2, report.RootElement.GetProperty("models").GetArrayLength());
        Assert.InRange(report.RootElement.GetProperty("data").GetProperty("impressions").GetInt32(), Impressions / 4, Impressions - 1);
    }

    [Fact]
    public async Task Evaluate_AgainstTheSameVersion_IsNotWorseAndNotBetter()
    {
        await TrainAsync();
        var (_, first, _) = await CommandLine.Run("evaluate", "--job", Job, "--log", Log, "--output", "json");
        using var judged = JsonDocument.Parse(first);
        var version = judged.RootElement.GetProperty("model").GetProperty("version").GetString()!;

        var (code, output, error) = await CommandLine.Run(
            "evaluate", "--job", Job, "--log", Log, "--compare", version, "--importance", "500",
            "--importance-group", "where and when=tab,event_time", "--importance-group", "tastes=inter*,categ*",
            "--csv", folder.Combine("report.csv"), "--output", "json");

        Assert.True(code == ExitCode.Ok, error);
        using var report = JsonDocument.Parse(output);
        Assert.Equal("no_difference", report.RootElement.GetProperty("comparison").GetProperty("verdict").GetString());
        var importance = report.RootElement.GetProperty("importance");
        Assert.Equal(500, importance.GetProperty("impressions").GetInt32());
        var groups = importance.GetProperty("groups").EnumerateArray().ToDictionary(
            group => group.GetProperty("group").GetString()!, group => group.GetProperty("features").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(["tab", "hour"], groups["where and when"]);
        Assert.Equal(["category", "interests"], groups["tastes"].Order(StringComparer.Ordinal));
        Assert.DoesNotContain("tab", groups.Keys);
        Assert.StartsWith("part,model,", await File.ReadAllTextAsync(folder.Combine("report.csv"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        (code, _, _) = await CommandLine.Run("evaluate", "--job", Job, "--log", Log, "--compare", version, "--require", "better");
        Assert.Equal(ExitCode.Worse, code);
    }

    [Fact]
    public async Task Evaluate_CompareWithNoVersion_SaysSo()
    {
        await TrainAsync();
        var (code, _, error) = await CommandLine.Run("evaluate", "--job", Job, "--log", Log, "--compare", "nineteen");

        Assert.Equal(ExitCode.Wrong, code);
        Assert.Contains("has no version 'nineteen'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_WrongOptions_TellsEveryFault()
    {
        await CommandLine.Run("init", "--job", Job);
        var (code, _, error) = await CommandLine.Run(
            "evaluate", "--job", Job, "--baselines", "trees,forest", "--html", folder.Combine("no/where.html"), "--truth", folder.Combine("none.csv"),
            "--require", "best", "--min-difference", "0.1", "--importance-group", "tab", "--importance-group", "=tab");

        Assert.Equal(ExitCode.Wrong, code);
        Assert.Contains("'forest'", error, StringComparison.Ordinal);
        Assert.Contains("where.html", error, StringComparison.Ordinal);
        Assert.Contains("none.csv", error, StringComparison.Ordinal);
        Assert.Contains("require is 'best'", error, StringComparison.Ordinal);
        Assert.Contains("compare is not given", error, StringComparison.Ordinal);
        Assert.Contains("importance_group is 'tab': write it as NAME=", error, StringComparison.Ordinal);
        Assert.Contains("importance_group is '=tab'", error, StringComparison.Ordinal);
        Assert.Contains("importance_group is given, but importance is not", error, StringComparison.Ordinal);
        Assert.Contains("baselines need rows of their own", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_NothingServed_SaysSo()
    {
        await CommandLine.Run("init", "--job", Job);
        var (code, _, error) = await CommandLine.Run("evaluate", "--job", Job);
        Assert.Equal(ExitCode.Wrong, code);
        Assert.Contains("no version of 'simulation' is served", error, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private async Task TrainAsync()
    {
        await CommandLine.Run("init", "--job", Job);
        await CommandLine.Run("simulate", "--folder", folder.Combine("data"), "--impressions", $"{Impressions}", "--end", CommandLine.HistoryEnd);
        var (code, _, error) = await CommandLine.Run("train", "--job", Job, "--log", Log, "--threads", "1");
        Assert.True(code == ExitCode.Ok, error);
    }
}
