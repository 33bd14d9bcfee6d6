using Ranking.Core;
using Ranking.Testing;

namespace Ranking.FeatureStore.Tests;

public class RedisClusterTests(RedisClusterFixture redis) : IClassFixture<RedisClusterFixture>
{
    [Fact]
    public async Task ReadAsync_KeysOnAllMasters_FindsAll()
    {
        await using var store = await RedisFeatureStore.OpenAsync(Records.SettingsFor(redis.Endpoint));
        var keys = Enumerable.Range(0, 500).Select(Records.Item).ToArray();
        await store.Write([.. keys.Select((key, i) => (key, Records.Of(i)))]);

        var values = await store.Read(keys);

        Assert.All(values.Index(), pair => Assert.Equal(Records.Of(pair.Index), pair.Item.Record.ToArray()));
        foreach (var port in redis.Ports)
        {
            Assert.InRange(int.Parse(await ChildProcess.Run("redis-cli", "-p", $"{port}", "dbsize")), 50, 450);
        }
    }

    [Fact]
    public async Task ReadAsync_OneMasterSilent_FindsTheKeysOfTheOthers()
    {
        var settings = Records.SettingsFor(redis.Endpoint) with { ReadTimeout = TimeSpan.FromSeconds(2), CacheMegabytes = 0 };
        await using var store = await RedisFeatureStore.OpenAsync(settings);
        var keys = Enumerable.Range(0, 300).Select(Records.Item).ToArray();
        await store.Write([.. keys.Select((key, i) => (key, Records.Of(i)))]);

        await ChildProcess.Run("redis-cli", "-p", $"{redis.Ports[0]}", "client", "pause", "4000", "all");
        var values = await store.Read(keys);

        Assert.InRange(values.Count(value => value.Status == FeatureStatus.Unavailable), 1, 200);
        Assert.InRange(values.Count(value => value.Status == FeatureStatus.Found), 100, 299);
    }
}

public class RedisClusterFailureTests(RedisClusterFixture redis) : IClassFixture<RedisClusterFixture>
{
    [Fact]
    public async Task ReadAsync_OneMasterKilled_FindsTheKeysOfTheOthers()
    {
        await using var store = await RedisFeatureStore.OpenAsync(Records.SettingsFor(redis.Endpoint) with { CacheMegabytes = 0 });
        var keys = Enumerable.Range(0, 300).Select(Records.Item).ToArray();
        await store.Write([.. keys.Select((key, i) => (key, Records.Of(i)))]);

        redis.Kill(0);
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        var values = await store.Read(keys);

        Assert.InRange(values.Count(value => value.Status == FeatureStatus.Unavailable), 1, 200);
        Assert.InRange(values.Count(value => value.Status == FeatureStatus.Found), 100, 299);
    }
}

public class RedisSecurityTests(RedisSecureFixture redis) : IClassFixture<RedisSecureFixture>
{
    [Fact]
    public async Task ReadAsync_UserPasswordAndAuthority_Works()
    {
        // A first handshake has code to compile; beside other test programs it took more than the second that is allowed by default.
        await using var store = await RedisFeatureStore.OpenAsync(Settings() with { ConnectTimeout = TimeSpan.FromSeconds(30) });
        await store.Write((Records.Item(1), Records.Of(1)));

        Assert.Equal(FeatureStatus.Found, (await store.Read(Records.Item(1)))[0].Status);
    }

    [Fact]
    public async Task ReadAsync_WrongPassword_Unavailable()
    {
        await using var store = await RedisFeatureStore.OpenAsync(Settings() with { Password = "another" });

        Assert.Equal(FeatureStatus.Unavailable, (await store.Read(Records.Item(1)))[0].Status);
    }

    [Fact]
    public async Task ReadAsync_AuthorityNotTrusted_Unavailable()
    {
        await using var store = await RedisFeatureStore.OpenAsync(Settings() with { TlsAuthorityFile = null });

        Assert.Equal(FeatureStatus.Unavailable, (await store.Read(Records.Item(1)))[0].Status);
    }

    private RedisSettings Settings() => Records.SettingsFor(redis.Endpoint) with
    {
        User = RedisSecureFixture.User,
        Password = RedisSecureFixture.Password,
        Tls = true,
        TlsAuthorityFile = redis.Certificate.CertificatePath,
    };
}
