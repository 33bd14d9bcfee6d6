using Ranking.Configuration;
using Ranking.Testing;

namespace Ranking.Cli.Tests;

public sealed class InitFromTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Job => folder.Combine("ranking.yaml");

    [Fact]
    public async Task Init_FromSimulatedData_WritesAJobThatIsValidAndTrains()
    {
        await CommandLine.Run("simulate", "--folder", folder.Combine("data"), "--impressions", "3000", "--end", CommandLine.HistoryEnd);
        Assert.Equal(ExitCode.Ok, (await CommandLine.Run("init", "--job", Job, "--from", folder.Combine("data/users.csv"), folder.Combine("data/log.csv"), folder.Combine("data/items.csv"))).Code);

        var text = await File.ReadAllTextAsync(Job, TestContext.Current.CancellationToken);
        Assert.Contains("    path: data/log.csv\n    user: user_id #", text, StringComparison.Ordinal);
        Assert.Contains("conversion: {when: is_click & is_conversion, after: conversion_after_ms}", text, StringComparison.Ordinal);
        Assert.Contains("kind: list, separator: \"|\"", text, StringComparison.Ordinal);
        await AssertValidAsync(Job);
        var (code, _, error) = await CommandLine.Run("train", "--job", Job);
        Assert.True(code == ExitCode.Ok, error);
    }

    [Fact]
    public async Task Init_FromSimulatedData_DeclaresStatisticsAndSequencesThatAreValid()
    {
        await CommandLine.Run("simulate", "--folder", folder.Combine("data"), "--impressions", "3000", "--end", CommandLine.HistoryEnd);
        await CommandLine.Run("init", "--job", Job, "--from", folder.Combine("data/log.csv"), folder.Combine("data/users.csv"), folder.Combine("data/items.csv"));

        Assert.True(JobFile.Load(Job).Model.Statistics.Length > 10);
        await AssertValidAsync(Job);
        Assert.Equal(2, JobFile.Load(Job).Model.Sequences.Length);
    }

    [Theory]
    [InlineData("kuairand/log.csv.gz", "kuairand/users.csv.gz", "kuairand/videos.csv.gz")]
    [InlineData("census/census.csv.gz")]
    [InlineData("fixtures/ali_ccp_train_sample.csv")]
    [InlineData("fixtures/aliexpress_train_sample.csv")]
    public async Task Init_FromPublicData_WritesAJobThatIsValid(params string[] files)
    {
        string[] paths = [.. files.Select(file => SharedFolder.Require(["data", .. file.Split('/')]))];
        var (code, _, error) = await CommandLine.Run(["init", "--job", Job, "--from", .. paths]);
        Assert.True(code == ExitCode.Ok, error);

        await AssertValidAsync(Job);
    }

    [Fact]
    public async Task Init_FromNamesThatNoFormulaCanHave_WritesAJobThatIsValid()
    {
        var rows = Enumerable.Range(0, 200).Select(i => $"{i % 7},{i % 11},{1_700_000_000 + (i * 60)},{i % 3},{i % 5 * 0.5},{(i % 4 == 0 ? 1 : 0)},\"a \"\"b\"\": {i % 6} # c\"");
        await File.WriteAllLinesAsync(folder.Combine("my log.csv"), ["user id,item-id,1st time,7,event_time,Clicked,odd: name", .. rows], TestContext.Current.CancellationToken);
        var (code, _, error) = await CommandLine.Run("init", "--job", Job, "--from", folder.Combine("my log.csv"), "--user", "user id");
        Assert.True(code == ExitCode.Ok, error);

        await AssertValidAsync(Job);
    }

    [Theory]
    [InlineData("no column looks like an outcome", "user_id,item_id,time\n1,2,1700000000\n2,3,1700000001\n")]
    [InlineData("no usable rows", "user_id,item_id,click\n")]
    [InlineData("empty; the first line must name the columns", "")]
    [InlineData("the column 'click' twice", "click,click\n1,0\n")]
    public async Task Init_FromDataWithoutWhatAJobNeeds_TellsFileAndFix(string told, string content)
    {
        var path = folder.Combine("log.csv");
        await File.WriteAllTextAsync(path, content, TestContext.Current.CancellationToken);
        var (code, _, error) = await CommandLine.Run("init", "--job", Job, "--from", path);

        Assert.Equal(ExitCode.Wrong, code);
        Assert.StartsWith(path, error, StringComparison.Ordinal);
        Assert.Contains(told, error, StringComparison.Ordinal);
        Assert.False(File.Exists(Job));
    }

    [Fact]
    public async Task Init_FromDataWithoutUsers_SaysThatAPersonMustDecide()
    {
        await File.WriteAllTextAsync(folder.Combine("log.csv"), "color,click\nred,1\nblue,0\nred,0\n", TestContext.Current.CancellationToken);
        var (code, output, error) = await CommandLine.Run("init", "--job", Job, "--from", folder.Combine("log.csv"));

        Assert.True(code == ExitCode.Ok, error);
        Assert.Contains("to decide: no column is the user's id", output, StringComparison.Ordinal);
        Assert.Contains("--user COLUMN", await File.ReadAllTextAsync(Job, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await AssertValidAsync(Job);
    }

    public void Dispose() => folder.Dispose();

    private static async Task AssertValidAsync(string job)
    {
        var (code, _, error) = await CommandLine.Run("validate", "--job", job, "--data");
        Assert.True(code == ExitCode.Ok, error);
    }
}
