using Ranking.Core;
using Ranking.Testing;
using StackExchange.Redis;

namespace Ranking.FeatureStore.Tests;

[Collection(MetricReaders.Name)]
public class RedisFeatureStoreTests(RedisServerFixture redis) : IClassFixture<RedisServerFixture>
{
    [Fact]
    public async Task ReadAsync_FoundAndMissing_ReturnsBothInTheKeysOrder()
    {
        await using var store = await RedisFeatureStore.OpenAsync(Records.SettingsFor(redis.Endpoint));
        await store.Write((Records.Item(1), Records.Of(10)), (Records.Item(2), Records.Of(20)));

        var values = await store.Read(Records.Item(2), Records.Item(3), Records.Item(1), Records.Item(2));

        Assert.Equal([FeatureStatus.Found, FeatureStatus.Missing, FeatureStatus.Found, FeatureStatus.Found], values.Select(value => value.Status));
        Assert.Equal(Records.Of(20), values[0].Record.ToArray());
        Assert.Equal(Records.Of(10), values[2].Record.ToArray());
        Assert.Equal(Records.Of(20), values[3].Record.ToArray());
    }

    [Fact]
    public async Task ReadAsync_UserAndItemOfOneId_AreDifferentRecords()
    {
        await using var store = await RedisFeatureStore.OpenAsync(Records.SettingsFor(redis.Endpoint));
        var user = new FeatureKey(EntityKind.User, "item-1", FeatureGroup.Profile);
        await store.Write((Records.Item(1), Records.Of(10)), (user, Records.Of(20)));

        var values = await store.Read(Records.Item(1), user);

        Assert.Equal(Records.Of(10), values[0].Record.ToArray());
        Assert.Equal(Records.Of(20), values[1].Record.ToArray());
    }

    [Fact]
    public async Task ReadAsync_WrittenElsewhere_IsSeenWhenTheCacheForgets()
    {
        var settings = Records.SettingsFor(redis.Endpoint) with { CacheFor = TimeSpan.FromMilliseconds(300), CacheMissingFor = TimeSpan.FromMilliseconds(300) };
        await using var store = await RedisFeatureStore.OpenAsync(settings);
        await using var other = await RedisFeatureStore.OpenAsync(settings);
        await store.Write((Records.Item(1), Records.Of(1)));
        await store.Read(Records.Item(1), Records.Item(2));
        await other.Write((Records.Item(1), Records.Of(2)), (Records.Item(2), Records.Of(3)));

        await Records.Until(async () => (await store.Read(Records.Item(1)))[0].Record.Span.SequenceEqual(Records.Of(2)));
        await Records.Until(async () => (await store.Read(Records.Item(2)))[0].Status == FeatureStatus.Found);
    }

    [Fact]
    public async Task WriteAsync_AfterARead_IsReadBackAtOnce()
    {
        await using var store = await RedisFeatureStore.OpenAsync(Records.SettingsFor(redis.Endpoint));
        await store.Read(Records.Item(1));

        await store.Write((Records.Item(1), Records.Of(5)));

        Assert.Equal(Records.Of(5), (await store.Read(Records.Item(1)))[0].Record.ToArray());
    }

    [Fact]
    public async Task WriteAsync_Record_HasTheTimeToLive()
    {
        var settings = Records.SettingsFor(redis.Endpoint) with { TimeToLive = TimeSpan.FromMinutes(10) };
        await using var store = await RedisFeatureStore.OpenAsync(settings);
        await store.Write((Records.Item(1), Records.Of(1)));

        await using var client = await ConnectionMultiplexer.ConnectAsync(redis.Endpoint);
        var left = await client.GetDatabase().KeyTimeToLiveAsync($"{settings.Namespace}:i:item-1:p");

        Assert.InRange(left!.Value, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task ReadAsync_ForeignValueUnderTheKey_IsMissing()
    {
        var settings = Records.SettingsFor(redis.Endpoint);
        await using var client = await ConnectionMultiplexer.ConnectAsync(redis.Endpoint);
        await client.GetDatabase().StringSetAsync($"{settings.Namespace}:i:item-1:p", "not a feature record");
        await using var store = await RedisFeatureStore.OpenAsync(settings);

        Assert.Equal(FeatureStatus.Missing, (await store.Read(Records.Item(1)))[0].Status);
    }

    [Fact]
    public async Task ReadAsync_SameKeysAtOnce_AreReadOnceAndTheRestFromTheCache()
    {
        var settings = Records.SettingsFor(redis.Endpoint);
        await using var store = await RedisFeatureStore.OpenAsync(settings);
        await using var client = await ConnectionMultiplexer.ConnectAsync($"{redis.Endpoint},allowAdmin=true");
        var keys = Enumerable.Range(0, 100).Select(Records.Item).ToArray();
        await store.Write([.. keys.Select((key, i) => (key, Records.Of(i)))]);
        var before = await KeysReadBy(client);

        var reads = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => store.Read(keys)));
        await store.Read(keys);

        Assert.All(reads, values => Assert.Equal(Records.Of(99), values[99].Record.ToArray()));
        Assert.Equal(100, await KeysReadBy(client) - before);
    }

    [Fact]
    public async Task ReadAsync_CallerGivesUp_OthersStillGetTheirValues()
    {
        await using var store = await RedisFeatureStore.OpenAsync(Records.SettingsFor(redis.Endpoint));
        await store.Write((Records.Item(1), Records.Of(1)));
        using var impatient = new CancellationTokenSource();
        await impatient.CancelAsync();

        var given = store.ReadAsync(new[] { Records.Item(1) }, new FeatureValue[1], impatient.Token).AsTask();
        var values = await store.Read(Records.Item(1));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        Assert.Equal(FeatureStatus.Found, values[0].Status);
    }

    [Fact]
    public async Task ReadAsync_MoreKeysThanTheCacheHolds_StaysBounded()
    {
        var settings = Records.SettingsFor(redis.Endpoint) with { CacheMegabytes = 1 };
        await using var store = await RedisFeatureStore.OpenAsync(settings);
        var entries = 0;
        using var listener = new Metric<int>("ranking.features.cache.entries", value => entries = value);

        for (var from = 0; from < 20_000; from += 500)
        {
            await store.Read([.. Enumerable.Range(from, 500).Select(Records.Item)]);
        }

        listener.Observe();
        Assert.InRange(entries, 1, (1 << 20) / 5 / RecordIndex.PlaceBytes);
    }

    private static async Task<long> KeysReadBy(ConnectionMultiplexer client)
    {
        var stats = (await client.GetServers()[0].InfoAsync("stats")).Single();
        return stats.Where(line => line.Key is "keyspace_hits" or "keyspace_misses").Sum(line => long.Parse(line.Value));
    }
}
