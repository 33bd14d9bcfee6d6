using System.Text.Json;
using Ranking.Testing;

namespace Ranking.Cli.Tests;

public sealed class ModelExportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Job => folder.Combine("ranking.yaml");

    [Fact]
    public async Task Export_ServedVersion_WritesBothFilesAndListsTheInputs()
    {
        await CommandLine.Run("init", "--job", Job);
        await CommandLine.Run("simulate", "--folder", folder.Combine("data"), "--impressions", "4000", "--end", CommandLine.HistoryEnd);
        var (trained, _, failure) = await CommandLine.Run("train", "--job", Job);
        Assert.True(trained == ExitCode.Ok, failure);

        var (code, output, error) = await CommandLine.Run("model", "export", folder.Combine("model.onnx"), "--job", Job, "--output", "json");

        Assert.True(code == ExitCode.Ok, error);
        using var inputs = JsonDocument.Parse(output);
        Assert.Contains(inputs.RootElement.EnumerateArray(), input => input.GetProperty("name").GetString() == "rows.user_id.user_id");
        Assert.NotEqual(0, new FileInfo(folder.Combine("model.onnx")).Length);
        Assert.NotEqual(0, new FileInfo(folder.Combine("model.onnx.tables")).Length);
    }

    [Fact]
    public async Task Export_NothingServed_SaysSo()
    {
        await CommandLine.Run("init", "--job", Job);

        var (code, _, error) = await CommandLine.Run("model", "export", folder.Combine("model.onnx"), "--job", Job);

        Assert.NotEqual(ExitCode.Ok, code);
        Assert.Contains("is served: name one of 'ranking model list'", error, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();
}
