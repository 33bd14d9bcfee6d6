using Ranking.Files;
using Ranking.Testing;

namespace Ranking.Cli.Tests;

public sealed class ExportCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("examples.parquet")]
    [InlineData("examples.jsonl")]
    [InlineData("examples.jsonl.gz")]
    public async Task ExportExamples_OfATable_ReadsBackAsTheRowsItWas(string name)
    {
        var job = await SimulateAsync();
        var (code, _, error) = await CommandLine.Run("export", "examples", folder.Combine(name), "--job", job);
        Assert.True(code == ExitCode.Ok, error);

        using var examples = TableReader.Open(folder.Combine(name));
        using var rows = TableReader.Open(folder.Combine("data/log.csv"));
        var expected = new SortedSet<string>(StringComparer.Ordinal);
        while (rows.Read())
        {
            expected.Add(string.Join(' ', rows[rows.IndexOf("time_ms")], rows[rows.IndexOf("user_id")], rows[rows.IndexOf("item_id")], rows[rows.IndexOf("tab")], rows[rows.IndexOf("is_click")]));
        }

        var found = new SortedSet<string>(StringComparer.Ordinal);
        while (examples.Read())
        {
            Assert.Null(examples.Fault);
            if (examples[examples.IndexOf("observed_ctr")].ToString() == "1")
            {
                found.Add(string.Join(' ', examples[examples.IndexOf("event_time_ms")], examples[examples.IndexOf("user_id")], examples[examples.IndexOf("item_id")], examples[examples.IndexOf("tab")], examples[examples.IndexOf("label_ctr")]));
            }
        }

        Assert.Equal(expected, found);
    }

    [Fact]
    public async Task ExportExamples_OfALogAtRest_HasWeightsAndLists()
    {
        var job = await SimulateAsync();
        var (code, output, error) = await CommandLine.Run("export", "examples", folder.Combine("log.parquet"), "--job", job, "--log", folder.Combine("data/log"), "--output", "json");
        Assert.True(code == ExitCode.Ok, error);
        Assert.Contains("\"examples\": ", output, StringComparison.Ordinal);
        using var examples = TableReader.Open(folder.Combine("log.parquet"));
        Assert.True(examples.Read());
        Assert.Equal("1", examples[examples.IndexOf("weight")].ToString());
        Assert.Equal(32, examples[examples.IndexOf("impression")].ToString().Length);
        Assert.NotEmpty(examples[examples.IndexOf("interests")].ToString().Split(','));
        Assert.False(examples[examples.IndexOf("interests")].IsMissing);
    }

    [Fact]
    public async Task ExportExamples_UnknownEnding_IsWrongUsage()
    {
        var job = await SimulateAsync();
        var (code, _, error) = await CommandLine.Run("export", "examples", folder.Combine("examples.xlsx"), "--job", job);
        Assert.Equal(ExitCode.Wrong, code);
        Assert.Contains(".parquet", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_Schema_PrintsJson()
    {
        var (code, output, _) = await CommandLine.Run("validate", "--schema");
        Assert.Equal(ExitCode.Ok, code);
        using var schema = System.Text.Json.JsonDocument.Parse(output);
        Assert.True(schema.RootElement.TryGetProperty("properties", out _));
    }

    public void Dispose() => folder.Dispose();

    private async Task<string> SimulateAsync()
    {
        var job = folder.Combine("ranking.yaml");
        await CommandLine.Run("init", "--job", job);
        await CommandLine.Run("simulate", "--folder", folder.Combine("data"), "--impressions", "1000", "--end", CommandLine.HistoryEnd);
        return job;
    }
}
