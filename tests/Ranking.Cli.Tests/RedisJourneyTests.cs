using Ranking.Testing;

namespace Ranking.Cli.Tests;

/// <summary>The commands that write and read profiles, against a real Redis.</summary>
public sealed class RedisJourneyTests(RedisServerFixture redis) : IClassFixture<RedisServerFixture>, IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Job => folder.Combine("ranking.yaml");

    [Fact]
    public async Task FeaturesLoad_SimulatedEntities_AreThereToGet()
    {
        var server = redis.Endpoint;
        await CommandLine.Run("init", "--job", Job);
        await CommandLine.Run("simulate", "--folder", folder.Combine("data"), "--impressions", "500", "--end", CommandLine.HistoryEnd);
        var (code, output, error) = await CommandLine.Run("features", "load", "--job", Job, "--redis", server, "--output", "json");
        Assert.True(code == ExitCode.Ok, error);
        var users = File.ReadLines(folder.Combine("data/users.csv")).Count() - 1;
        Assert.Contains($"\"written\": {users}", output, StringComparison.Ordinal);

        var row = File.ReadLines(folder.Combine("data/users.csv")).ElementAt(1).Split(',');
        (code, output, error) = await CommandLine.Run("features", "get", "user", row[0], "--job", Job, "--redis", server, "--output", "json");
        Assert.True(code == ExitCode.Ok, error);
        Assert.Contains($"\"value\": \"{row[1]}\"", output, StringComparison.Ordinal);

        (code, _, error) = await CommandLine.Run("features", "get", "item", "no-such", "--job", Job, "--redis", server);
        Assert.Equal((ExitCode.Failed, "the store has no item 'no-such'."), (code, error.Trim()));
    }

    [Theory]
    [InlineData("load")]
    [InlineData("get", "user", "u1")]
    public async Task Features_NoRedis_IsUnreachableAndNamesTheAddress(params string[] verb)
    {
        var nobody = $"127.0.0.1:{FreePort.Next()}";
        await CommandLine.Run("init", "--job", Job);
        await CommandLine.Run("simulate", "--folder", folder.Combine("data"), "--impressions", "500", "--end", CommandLine.HistoryEnd);
        var (code, _, error) = await CommandLine.Run(["features", .. verb, "--job", Job, "--redis", nobody]);
        Assert.Equal(ExitCode.Unreachable, code);
        Assert.Contains(nobody, error, StringComparison.Ordinal);
        Assert.Contains("--redis", error, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();
}
