using System.Runtime.InteropServices;
using CsCheck;
using Ranking.Core;

namespace Ranking.FeatureStore.Tests;

public sealed class FeatureCacheTests
{
    private static readonly RedisSettings Settings = new()
    {
        CacheMegabytes = 1,
        CacheFor = TimeSpan.FromMilliseconds(100),
        CacheMissingFor = TimeSpan.FromMilliseconds(10),
        CacheHistoryFor = TimeSpan.FromMilliseconds(50),
    };

    private const int MostKeys = (1 << 20) / 5 / RecordIndex.PlaceBytes;

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
        var cache = new FeatureCache(Settings, clock);
        cache.Put(Key, Found(1, 2, 3), cache.Now);
        Assert.True(cache.TryGet(Key, cache.Now, out var first));
        clock.Now += 150;

        cache.Put(Key, Found(1, 2, 3), cache.Now);

        clock.Now += 99;
        Assert.True(cache.TryGet(Key, cache.Now, out var value));
        Assert.True(first.Record.Equals(value.Record));
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
    public void Put_MoreThanItsBytes_ReadsTheLastAndIsBounded()
    {
        var (cache, record) = (new FeatureCache(Settings, clock), new byte[1000]);
        for (var id = 0; id < 20_000; id++)
        {
            clock.Now += id % 250 == 0 ? 1 : 0;
            cache.Put(Item(id), Found(record), cache.Now);
        }

        Assert.InRange(cache.Count, 1, MostKeys);
        Assert.All(Enumerable.Range(19_900, 100), id => Assert.True(cache.TryGet(Item(id), cache.Now, out _)));
        Assert.All(Enumerable.Range(0, 18_900), id => Assert.False(cache.TryGet(Item(id), cache.Now, out _)));
    }

    [Fact]
    public void Put_RecordsThatAreReadAgain_OutliveThoseThatAreNot()
    {
        var (cache, record) = (new FeatureCache(Settings, clock), new byte[1000]);
        for (var id = 0; id < 5_000; id++)
        {
            clock.Now += id % 100 == 0 ? 1 : 0;
            cache.Put(Item(id), Found(record), cache.Now);
            cache.Put(Key, Found(1, 2, 3), cache.Now);
        }

        for (var id = 5_000; id < 5_300; id++)
        {
            cache.Put(Item(id), Found(record), cache.Now);
        }

        Assert.False(cache.TryGet(Item(0), cache.Now, out _));
        Assert.True(cache.TryGet(Key, cache.Now, out var value));
        Assert.Equal([1, 2, 3], value.Record.ToArray());
    }

    [Fact]
    public void Put_ManyHistories_LeavesProfilesThere()
    {
        var (cache, record) = (new FeatureCache(Settings, clock), new byte[1000]);
        cache.Put(Key, Found(1), cache.Now);
        for (var id = 0; id < 5_000; id++)
        {
            cache.Put(new FeatureKey(EntityKind.Item, $"{id}", FeatureGroup.History, "h"), Found(record), cache.Now);
        }

        Assert.True(cache.TryGet(Key, cache.Now, out _));
    }

    [Fact]
    public void Put_ARecordThatIsTooLong_ForgetsTheKey()
    {
        var cache = new FeatureCache(Settings, clock);
        cache.Put(Key, Found(new byte[RecordLog.SegmentBytes]), cache.Now);
        Assert.True(cache.TryGet(Key, cache.Now, out var value));
        Assert.Equal(RecordLog.SegmentBytes, value.Record.Length);

        cache.Put(Key, Found(new byte[RecordLog.SegmentBytes + 1]), cache.Now);

        Assert.False(cache.TryGet(Key, cache.Now, out _));
    }

    [Fact]
    public void TryGet_OfKeysThatDifferInOnePart_HasEachOnesOwn()
    {
        FeatureKey[] keys =
        [
            new(EntityKind.User, "1", FeatureGroup.Profile), new(EntityKind.Item, "1", FeatureGroup.Profile), new(EntityKind.Item, "1", FeatureGroup.History, "a"),
            new(EntityKind.Item, "1", FeatureGroup.History, "b"), new(EntityKind.User, "1", FeatureGroup.History, "a"), new(EntityKind.User, "", FeatureGroup.Profile),
        ];
        var cache = new FeatureCache(Settings, clock);
        foreach (var (number, key) in keys.Index())
        {
            cache.Put(key, Found((byte)number), cache.Now);
        }

        Assert.Equal(Enumerable.Range(0, keys.Length), keys.Select(key => cache.TryGet(key, cache.Now, out var value) ? value.Record.Span[0] : -1));
    }

    [Fact]
    public void Find_SomeOfThem_AnswersTheseAndNamesTheOthers()
    {
        var cache = new FeatureCache(Settings, clock);
        FeatureKey[] keys = [.. Enumerable.Range(0, 1_000).Select(Item)];
        foreach (var id in Enumerable.Range(0, 1_000).Where(id => id % 3 != 0))
        {
            cache.Put(keys[id], Found([.. BitConverter.GetBytes(id)]), cache.Now);
        }

        var values = new FeatureValue[1_000];
        var others = cache.Find(keys, values);

        Assert.Equal(Enumerable.Range(0, 1_000).Where(id => id % 3 == 0), others);
        Assert.All(values.Index().Where(value => value.Index % 3 != 0), value => Assert.Equal(value.Index, BitConverter.ToInt32(value.Item.Record.Span)));
    }

    [Fact]
    public void TryGet_AfterAnyPutsAndForgets_HasTheLastThatHoldsOrNothing() =>
        Gen.Select(Gen.Int[0, 40], Gen.Int[0, 3], Gen.Int[0, 60], Gen.Byte.Array[0, 40]).Array[0, 200].Sample(steps =>
        {
            var (cache, last) = (new FeatureCache(Settings, clock), new Dictionary<FeatureKey, (FeatureValue Value, long Ends)>());
            foreach (var (id, what, pause, record) in steps)
            {
                clock.Now += pause;
                var value = what == 1 ? new FeatureValue(FeatureStatus.Missing, default) : Found(record);
                if (what == 0)
                {
                    cache.Forget(Item(id));
                    last.Remove(Item(id));
                    Assert.False(cache.TryGet(Item(id), cache.Now, out _));
                }
                else
                {
                    cache.Put(Item(id), value, cache.Now);
                    last[Item(id)] = (value, clock.Now + (what == 1 ? 10 : 100));
                }

                foreach (var (key, put) in last)
                {
                    var holds = cache.TryGet(key, cache.Now, out var got);
                    // Of a thousand sets none has more keys than places, and nothing has given way.
                    Assert.Equal(put.Ends > clock.Now, holds);
                    Assert.True(!holds || (got.Status == put.Value.Status && got.Record.Span.SequenceEqual(put.Value.Record.Span)));
                }
            }
        }, iter: 100, threads: 1);

    [Fact]
    public async Task TryGet_WhileAnotherWrites_HasSomethingThatWasPutForTheKey()
    {
        // More keys than places: they take each other's.
        var (cache, ids) = (new FeatureCache(Settings, clock), 3 * MostKeys);
        var writing = Task.Run(
            () =>
            {
                for (var round = 1; round <= 20; round++)
                {
                    for (var id = 0; id < ids; id++)
                    {
                        cache.Put(Item(id), Found([.. Enumerable.Repeat(BitConverter.GetBytes(id), round).SelectMany(bytes => bytes)]), cache.Now);
                    }
                }
            },
            TestContext.Current.CancellationToken);

        var found = 0;
        for (var id = 0; !writing.IsCompleted; id = (id + 1) % ids)
        {
            if (cache.TryGet(Item(id), cache.Now, out var value))
            {
                found++;
                Assert.InRange(value.Record.Length, sizeof(int), 20 * sizeof(int));
                Assert.All(MemoryMarshal.Cast<byte, int>(value.Record.Span).ToArray(), number => Assert.Equal(id, number));
            }
        }

        await writing;
        Assert.NotEqual(0, found);
    }

    [Fact]
    public void TryGet_NoBytes_HasNothing()
    {
        var cache = new FeatureCache(Settings with { CacheMegabytes = 0 }, clock);
        cache.Put(Key, Found(1), cache.Now);
        Assert.False(cache.TryGet(Key, cache.Now, out _));
        Assert.Equal([0], cache.Find([Key], new FeatureValue[1]));
    }

    private static FeatureKey Item(int id) => new(EntityKind.Item, $"{id}", FeatureGroup.Profile);

    private static FeatureKey Key => new(EntityKind.User, "u", FeatureGroup.Profile);

    private static FeatureValue Found(params byte[] record) => new(FeatureStatus.Found, record);

    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Now;
    }
}
