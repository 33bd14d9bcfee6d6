using System.Text.Json;
using Ranking.Testing;

namespace Ranking.Cli.Tests;

/// <summary><c>ranking standalone</c> as a process: the whole loop, and how it ends.</summary>
public sealed class StandaloneProcessTests
{
    private static readonly string[] World = ["--impressions", Soak.Choose("40000", "200000"), "--output", "json"];

    [Fact]
    public async Task Standalone_Seconds_EndsWithZeroAndASummary()
    {
        using var standalone = RankingProcess.Start(["standalone", "--seconds", Soak.Choose("6", "60"), .. World]);
        await standalone.EndsWithAsync(ExitCode.Ok);

        using var document = JsonDocument.Parse(standalone.Output);
        var summary = document.RootElement;
        var first = summary.GetProperty("first_score");
        Assert.All(first.GetProperty("scores").EnumerateObject(), score => Assert.InRange(score.Value.GetDouble(), 0.0001, 0.9999));
        Assert.Equal(10, first.GetProperty("items").GetInt32());
        // Servers follow what the gate has accepted, and nothing else.
        Assert.NotEqual("", summary.GetProperty("version").GetString());
        Assert.Equal(["ctr", "cvr", "ctcvr"], summary.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("name").GetString()));
        // Of what can be known, a short history gives a part; the one that people are shown at least four fifths.
        var least = Soak.Choose(0.2, 0.8);
        Assert.All(summary.GetProperty("tasks").EnumerateArray(), task =>
        {
            var best = task.GetProperty("best").GetDouble();
            Assert.InRange(task.GetProperty("auc").GetDouble(), 0.5 + (least * (best - 0.5)), best);
        });
        var live = summary.GetProperty("live");
        Assert.InRange(live.GetProperty("requests").GetInt64(), 1, long.MaxValue);
        Assert.InRange(live.GetProperty("p99_ms").GetDouble(), live.GetProperty("p50_ms").GetDouble(), 10_000);
    }

    [Theory]
    [InlineData(ExitCode.Cancelled, "--seconds", "600")]
    [InlineData(ExitCode.Ok)]
    public async Task Standalone_Interrupted_EndsEarlyWithASummary(int code, params string[] seconds)
    {
        using var standalone = RankingProcess.Start(["standalone", .. seconds, .. World]);
        await standalone.UntilAsync(() => standalone.Error.Contains("of history after", StringComparison.Ordinal));
        await standalone.Signal("INT");
        await standalone.EndsWithAsync(code);

        using var summary = JsonDocument.Parse(standalone.Output);
        Assert.Equal(JsonValueKind.Null, summary.RootElement.GetProperty("live").ValueKind);
        Assert.InRange(summary.RootElement.GetProperty("elapsed_seconds").GetDouble(), 0, 300);
    }

    [Theory]
    [InlineData("--seconds", "-3")]
    [InlineData("--impressions", "100")]
    [InlineData("--rate", "500")]
    public async Task Standalone_OutOfRange_IsWrongUsageAndNamesOptionAndValue(string option, string value)
    {
        var (code, _, error) = await CommandLine.Run("standalone", option, value);
        Assert.Equal(ExitCode.Wrong, code);
        Assert.Contains($"{option} is {value}: give ", error, StringComparison.Ordinal);
    }
}
