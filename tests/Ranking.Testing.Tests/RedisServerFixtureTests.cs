namespace Ranking.Testing.Tests;

public sealed class RedisServerFixtureTests(RedisServerFixture redis) : IClassFixture<RedisServerFixture>
{
    [Fact]
    public async Task Kill_AndStart_AnswersAgainOnTheSamePort()
    {
        Assert.Equal($"127.0.0.1:{redis.Ports[0]}", redis.Endpoint);
        Assert.Equal("PONG\n", await Cli("ping"));

        redis.Kill();
        await Assert.ThrowsAsync<InvalidOperationException>(() => Cli("ping"));

        await redis.Start();
        Assert.Equal("PONG\n", await Cli("ping"));
    }

    private Task<string> Cli(string command) => ChildProcess.Run("redis-cli", "-e", "-p", $"{redis.Ports[0]}", command);
}

public sealed class RedisClusterFixtureTests(RedisClusterFixture redis) : IClassFixture<RedisClusterFixture>
{
    [Fact]
    public async Task Endpoint_AfterStart_IsAClusterOfThreeMasters()
    {
        Assert.Equal(3, redis.Endpoint.Split(',').Length);

        var nodes = await ChildProcess.Run("redis-cli", "-p", $"{redis.Ports[1]}", "cluster", "nodes");

        Assert.Equal(3, nodes.Split('\n').Count(line => line.Contains("master", StringComparison.Ordinal)));
    }
}

public sealed class RedisSecureFixtureTests(RedisSecureFixture redis) : IClassFixture<RedisSecureFixture>
{
    [Fact]
    public async Task Endpoint_WithUserAndTls_LetsOnlyTheUserIn()
    {
        Assert.NotEmpty(redis.Endpoint);
        string[] tls = ["-e", "--tls", "--cacert", redis.Certificate.CertificatePath, "-h", "127.0.0.1", "-p", $"{redis.Ports[0]}"];

        Assert.Equal("PONG\n", await ChildProcess.Run("redis-cli",
            [.. tls, "--no-auth-warning", "--user", RedisSecureFixture.User, "--pass", RedisSecureFixture.Password, "ping"]));
        await Assert.ThrowsAsync<InvalidOperationException>(() => ChildProcess.Run("redis-cli", [.. tls, "ping"]));
    }
}
