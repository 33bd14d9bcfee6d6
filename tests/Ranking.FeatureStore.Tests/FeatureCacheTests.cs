using System.Runtime.InteropServices;
using Ranking.Core;

namespace Ranking.FeatureStore.Tests;

public sealed class FeatureCacheTests
{
    private static readonly RedisSettings Settings = new()
    {
        CacheEntries = 9,
        CacheFor = TimeSpan.FromMilliseconds(100),
        CacheMissingFor = TimeSpan.FromMilliseconds(10),
        CacheHistoryFor = TimeSpan.FromMilliseconds(50),
    };

    private readonly Clock clock = new();

    [Theory]
    [InlineData(FeatureGroup.Profile, FeatureStatus.Found, 100)]
    [InlineData(FeatureGroup.Profile, FeatureStatus.Missing, 10)]
    [InlineData(FeatureGroup.History, FeatureStatus.Found, 50)]
    [InlineData(FeatureGroup.History, FeatureStatus.Missing, 50)]
    public void TryGet_UntilItsTimeIsUp_HasWhatWasPut(FeatureGroup group, FeatureStatus status, int milliseconds)
    {
        var (cache, key) = (new FeatureCache(Settings, clock), new FeatureKey(EntityKind.Item, "1", group));
        cache.Put(key, new FeatureValue(status, default), cache.Now);

        clock.Now += milliseconds - 1;
        Assert.True(cache.TryGet(key, cache.Now, out var value));
        Assert.Equal(status, value.Status);
        clock.Now += 1;

        Assert.False(cache.TryGet(key, cache.Now, out _));
    }

    [Fact]
    public void Put_TheSameRecordAgain_BeginsItsTimeAnewAndKeepsItsMemory()
    {
        var (cache, first) = (new FeatureCache(Settings, clock), Found(1, 2, 3));
        cache.Put(Key, first, cache.Now);
        clock.Now += 150;

        cache.Put(Key, Found(1, 2, 3), cache.Now);

        clock.Now += 99;
        Assert.True(cache.TryGet(Key, cache.Now, out var value));
        Assert.Same(ArrayOf(first), ArrayOf(value));
    }

    [Fact]
    public void Put_AnotherRecord_IsReadFromThenOn()
    {
        var cache = new FeatureCache(Settings, clock);
        cache.Put(Key, Found(1, 2, 3), cache.Now);

        cache.Put(Key, Found(1, 2, 4), cache.Now);
        Assert.True(cache.TryGet(Key, cache.Now, out var value));
        Assert.Equal([1, 2, 4], value.Record.ToArray());

        cache.Put(Key, new FeatureValue(FeatureStatus.Missing, default), cache.Now);
        Assert.True(cache.TryGet(Key, cache.Now, out value));
        Assert.Equal(FeatureStatus.Missing, value.Status);
    }

    [Fact]
    public void Put_Unavailable_LeavesWhatIsThere()
    {
        var cache = new FeatureCache(Settings, clock);
        cache.Put(Key, Found(1), cache.Now);

        cache.Put(Key, new FeatureValue(FeatureStatus.Unavailable, default), cache.Now);

        Assert.True(cache.TryGet(Key, cache.Now, out var value));
        Assert.Equal(FeatureStatus.Found, value.Status);
    }

    [Fact]
    public void Put_MoreThanItsEntries_IsBounded()
    {
        var cache = new FeatureCache(Settings, clock);
        for (var id = 0; id < 100; id++)
        {
            cache.Put(new FeatureKey(EntityKind.Item, $"{id}", FeatureGroup.Profile), Found(1), cache.Now);
        }

        Assert.InRange(cache.Count, 1, Settings.CacheEntries);
    }

    [Fact]
    public void TryGet_NoEntries_HasNothing()
    {
        var cache = new FeatureCache(Settings with { CacheEntries = 0 }, clock);
        cache.Put(Key, Found(1), cache.Now);
        Assert.False(cache.TryGet(Key, cache.Now, out _));
    }

    private static FeatureKey Key => new(EntityKind.User, "u", FeatureGroup.Profile);

    private static FeatureValue Found(params byte[] record) => new(FeatureStatus.Found, record);

    private static byte[]? ArrayOf(FeatureValue value) => MemoryMarshal.TryGetArray(value.Record, out var array) ? array.Array : null;

    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Now;
    }
}
