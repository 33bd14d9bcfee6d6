using Ranking.Core;
using Ranking.Testing;
using StackExchange.Redis;

namespace Ranking.FeatureStore.Tests;

public class RedisHistoryStoreTests(RedisServerFixture redis) : IClassFixture<RedisServerFixture>
{
    private const string History = "shop.0123456789abcdef";
    private const long Writer = 41, Next = 42;
    private static readonly TimeSpan day = TimeSpan.FromDays(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WriteAsync_Changes_AreReadAsAWholeAndOneByOne()
    {
        await using var store = await RedisFeatureStore.OpenAsync(Records.SettingsFor(redis.Endpoint));
        Assert.Null(await store.History.ReadHeadAsync(History, Token));
        Assert.Null(await store.History.ReadAttributesAsync(History, Token));
        await Write(store, 1, Row(0, 7, 1), Row(3, 7, 2), Row(0, 8, 3));
        await Write(store, 2, Row(0, 7, 4), Row(0, 8));

        Assert.Equal(Head(2), await store.History.ReadHeadAsync(History, Token));
        var all = await store.History.ReadAttributesAsync(History, Token);
        Assert.Equal(Head(2), all!.Head);
        Assert.Equal("0 7 [4]; 3 7 [2]", TextOf(all));
        var changes = await store.History.ReadChangesAsync(History, 1, Token);
        Assert.Equal(Head(2), Assert.Single(changes!).Head);
        Assert.Equal("0 7 [4]; 0 8 []", TextOf(changes![0]));
        Assert.Equal([], await store.History.ReadChangesAsync(History, 2, Token));
        Assert.Null(await store.History.ReadHeadAsync("feed.0123456789abcdef", Token));
    }

    [Fact]
    public async Task ReadChangesAsync_WritesThatAreNoLongerThere_IsNull()
    {
        await using var store = await RedisFeatureStore.OpenAsync(Records.SettingsFor(redis.Endpoint));
        await Write(store, 1, Row(0, 1, 1));
        await Write(store, 1 + RedisKeys.KeptChanges, Row(0, 1, 2));

        Assert.Null(await store.History.ReadChangesAsync(History, 0, Token));
        Assert.Null(await store.History.ReadChangesAsync(History, 1, Token));
        Assert.Null(await store.History.ReadChangesAsync(History, 9_999, Token));
    }

    [Fact]
    public async Task ReadAttributesAsync_InTheMiddleOfAWrite_WaitsForItsHead()
    {
        var settings = Records.SettingsFor(redis.Endpoint);
        await using var store = await RedisFeatureStore.OpenAsync(settings);
        await using var client = await ConnectionMultiplexer.ConnectAsync(redis.Endpoint);
        await Write(store, 1, Row(0, 1, 1));
        // As a writer leaves it that has written its rows and not yet its head.
        var row = Row(0, 1, 2);
        await client.GetDatabase().HashSetAsync($"{settings.Namespace}:h:{History}:a:1", AttributeCodec.Field(row), AttributeCodec.Value(2, row.State.Span));
        var reading = store.History.ReadAttributesAsync(History, Token).AsTask();
        Assert.NotSame(reading, await Task.WhenAny(reading, Task.Delay(100, TestContext.Current.CancellationToken)));
        await Write(store, 2, row);

        Assert.Equal(Head(2), (await reading)!.Head);
    }

    [Fact]
    public async Task WriteAsync_Entities_AreReadWithTheOtherFeaturesAndForgottenSoon()
    {
        var settings = Records.SettingsFor(redis.Endpoint) with { CacheHistoryFor = TimeSpan.FromMilliseconds(50) };
        await using var trainer = await RedisFeatureStore.OpenAsync(settings);
        await using var server = await RedisFeatureStore.OpenAsync(settings);
        var key = FeatureKey.OfHistory(EntityKind.User, LogEvent.EntityKey("u"), History);
        Assert.Equal(FeatureStatus.Missing, (await server.Read(key))[0].Status);
        await trainer.History.WriteAsync(History, Writer, null, [KeyValuePair.Create(key, (ReadOnlyMemory<byte>)new byte[] { 1, 2, 3 })], day, Token);

        await Records.Until(async () => (await server.Read(Records.Item(1), key))[1].Record.Span.SequenceEqual((ReadOnlySpan<byte>)[1, 2, 3]));
        Assert.Null(await server.History.ReadHeadAsync(History, Token));
        await using var client = await ConnectionMultiplexer.ConnectAsync(redis.Endpoint);
        var left = await client.GetDatabase().KeyTimeToLiveAsync($"{settings.Namespace}:u:{key.Id}:h:{History}");
        Assert.InRange(left!.Value, TimeSpan.FromHours(23), day);
    }

    [Fact]
    public async Task ClaimAsync_HistoryOfAnother_RefusesTheOtherFromThenOn()
    {
        await using var store = await RedisFeatureStore.OpenAsync(Records.SettingsFor(redis.Endpoint));
        Assert.Null(await store.History.ClaimAsync(History, Writer, Token));
        await Write(store, 1, Row(0, 1, 1));
        Assert.Equal(Head(1), await store.History.ClaimAsync(History, Next, Token));

        var refused = await Assert.ThrowsAsync<HistoryTakenException>(() => Write(store, 2, Row(0, 1, 2)));
        Assert.Contains(History, refused.Message, StringComparison.Ordinal);
        Assert.Equal("0 1 [1]", TextOf((await store.History.ReadAttributesAsync(History, Token))!));
        await WriteAs(Next, store, 2, Row(0, 1, 3));
        Assert.Equal(Head(2), await store.History.ReadHeadAsync(History, Token));
        Assert.Equal("0 1 [3]", TextOf((await store.History.ReadAttributesAsync(History, Token))!));
    }

    [Fact]
    public async Task WriteAsync_TwoThatBeginAHistory_TheFirstWriteIsItsWriters()
    {
        await using var store = await RedisFeatureStore.OpenAsync(Records.SettingsFor(redis.Endpoint));
        Assert.Null(await store.History.ClaimAsync(History, Writer, Token));
        Assert.Null(await store.History.ClaimAsync(History, Next, Token));
        await WriteAs(Next, store, 1, Row(0, 1, 1));

        await Assert.ThrowsAsync<HistoryTakenException>(() => Write(store, 1, Row(0, 1, 2)));
    }

    [Fact]
    public async Task ClaimAsync_HeadWithoutWriter_IsTakenAndItsTimeToLiveStays()
    {
        var settings = Records.SettingsFor(redis.Endpoint);
        await using var store = await RedisFeatureStore.OpenAsync(settings);
        await using var client = await ConnectionMultiplexer.ConnectAsync(redis.Endpoint);
        RedisKey key = $"{settings.Namespace}:h:{History}";
        await client.GetDatabase().StringSetAsync(key, AttributeCodec.HeadOf(Writer, Head(5))[..AttributeCodec.HeadLength], TimeSpan.FromHours(5));

        Assert.Equal(Head(5), await store.History.ClaimAsync(History, Next, Token));
        Assert.InRange((await client.GetDatabase().KeyTimeToLiveAsync(key))!.Value, TimeSpan.FromHours(4), TimeSpan.FromHours(5));
        await WriteAs(Next, store, 6, Row(0, 1, 1));
        Assert.Equal(Head(6), await store.History.ReadHeadAsync(History, Token));
    }

    [Fact]
    public async Task WriteAsync_NobodyThere_NamesTheAddress()
    {
        var nobody = $"127.0.0.1:{FreePort.Next()}";
        await using var store = await RedisFeatureStore.OpenAsync(Records.SettingsFor(nobody));
        var failure = await Assert.ThrowsAsync<FeatureStoreException>(async () => await Write(store, 1, Row(0, 1, 1)));
        Assert.Contains(nobody, failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<FeatureStoreException>(async () => await store.History.ReadHeadAsync(History, Token));
    }

    private static Task Write(RedisFeatureStore store, long number, params AttributeRow[] rows) => WriteAs(Writer, store, number, rows);

    private static async Task WriteAs(long writer, RedisFeatureStore store, long number, params AttributeRow[] rows) =>
        await store.History.WriteAsync(History, writer, new AttributeChanges(Head(number), rows), [], day, Token);

    private static HistoryHead Head(long number) =>
        new(number, new HistoryPosition(1_000 + number, new LogPosition(new LogPartition(LogTopic.Events, 3), 10 * number)));

    private static AttributeRow Row(int table, ulong key, params byte[] state) => new(table, key, state);

    private static string TextOf(AttributeChanges changes) =>
        string.Join("; ", changes.Rows.Select(row => $"{row.Table} {row.Key} [{string.Join(' ', row.State.ToArray())}]").Order(StringComparer.Ordinal));
}
