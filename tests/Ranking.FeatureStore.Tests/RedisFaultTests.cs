using System.Net.Http.Json;
using Ranking.Core;
using Ranking.Testing;

namespace Ranking.FeatureStore.Tests;

/// <summary>Each test has servers of its own, since it breaks them.</summary>
public class RedisFaultTests
{
    [Fact]
    public async Task ReadAsync_ServerStopsAndComesBack_UnavailableMeanwhile()
    {
        await using var redis = new RedisServerFixture();
        await redis.InitializeAsync();
        await using var store = await RedisFeatureStore.OpenAsync(Records.SettingsFor(redis.Endpoint) with { CacheMegabytes = 0 });
        await store.Write((Records.Item(1), Records.Of(1)));

        redis.Kill();
        Assert.Equal(FeatureStatus.Unavailable, (await store.Read(Records.Item(1)))[0].Status);
        await Assert.ThrowsAsync<FeatureStoreException>(async () => await store.Write((Records.Item(1), Records.Of(1))));

        await redis.Start();
        await Records.Until(async () => (await store.Read(Records.Item(1)))[0].Status == FeatureStatus.Missing);
        // Each of the connections comes back in its own time.
        await Records.Until(async () => await Record.ExceptionAsync(async () => await store.Write((Records.Item(2), Records.Of(2)))) is null);
        await Records.Until(async () => (await store.Read(Records.Item(2)))[0].Status == FeatureStatus.Found);
    }

    [Fact]
    public async Task OpenAsync_NoServer_UnavailableUntilItStarts()
    {
        await using var redis = new RedisServerFixture();
        await redis.InitializeAsync();
        redis.Kill();
        await using var store = await RedisFeatureStore.OpenAsync(Records.SettingsFor(redis.Endpoint));

        Assert.Equal(FeatureStatus.Unavailable, (await store.Read(Records.Item(1)))[0].Status);
        await redis.Start();
        await Records.Until(async () => (await store.Read(Records.Item(1)))[0].Status == FeatureStatus.Missing);
    }

    [Fact]
    public async Task ReadAsync_SlowServer_UnavailableInTimeAndCachedWhenTheReplyComes()
    {
        await using var redis = new RedisServerFixture();
        await redis.InitializeAsync();
        var proxy = FreePort.Next(2);
        using var folder = new TemporaryFolder();
        using var toxiproxy = ChildProcess.Start(folder.Combine("log"), SharedFolder.Require("bin", "toxiproxy-server"), "-port", $"{proxy[0]}");
        await FreePort.WaitUntilOpen(proxy[0], TimeSpan.FromSeconds(10));
        using var control = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{proxy[0]}") };
        await Post(control, "/proxies", new { name = "redis", listen = $"127.0.0.1:{proxy[1]}", upstream = redis.Endpoint });
        var settings = Records.SettingsFor($"127.0.0.1:{proxy[1]}") with { ReadTimeout = TimeSpan.FromSeconds(1) };
        await using var store = await RedisFeatureStore.OpenAsync(settings);
        await store.Write((Records.Item(1), Records.Of(1)));
        await Post(control, "/proxies/redis/toxics", new { type = "latency", attributes = new { latency = 3000 } });

        var start = TimeProvider.System.GetTimestamp();
        var values = await store.Read(Records.Item(1));

        Assert.Equal(FeatureStatus.Unavailable, values[0].Status);
        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromMilliseconds(2900), "the read waited for the slow reply");
        await Records.Until(async () => (await store.Read(Records.Item(1)))[0].Status == FeatureStatus.Found);
    }

    private static async Task Post(HttpClient control, string path, object body)
    {
        using var response = await control.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
