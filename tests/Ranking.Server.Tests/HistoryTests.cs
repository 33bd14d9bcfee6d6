using Ranking.Core;
using Ranking.Events;
using Ranking.FeatureStore;
using Ranking.Models;
using Ranking.Testing;

namespace Ranking.Server.Tests;

public class HistoryTests(RedisServerFixture redis) : IClassFixture<RedisServerFixture>
{
    private const uint NoHistory = (uint)Contracts.V1.RequestFlag.NoHistory;
    private const int OfTheUser = 20, OfTheItem = 21, OfATab = 22;

    private static readonly long start = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - 60_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static ModelSpec Spec
    {
        get
        {
            var spec = TestModel.Spec("main");
            Feature Number(int id, FeatureScope scope) => new() { Id = id, Name = $"shown{id}", Kind = FeatureKind.Numeric, Scope = scope, IsStatistic = true };
            StatisticSpec Of(int id, int key) => new() { FeatureId = id, Key = [key], Kind = StatisticKind.Count, Event = StatisticSpec.Impression, Expire = TimeSpan.FromDays(1) };
            return spec with
            {
                Schema = new FeatureSchema([.. spec.Schema.Features, Number(OfTheUser, FeatureScope.User), Number(OfTheItem, FeatureScope.Item), Number(OfATab, FeatureScope.Context)]),
                Statistics = [Of(OfTheUser, 1), Of(OfTheItem, 2), Of(OfATab, 4)],
            };
        }
    }

    [Fact]
    public async Task Rank_HistoryThatATrainerWrites_IsServedWithItsPlaceInTheLog()
    {
        var log = new RecordedEvents();
        RedisSettings? settings = null;
        await using var server = await TestServer.Start(
            redis.Endpoint, log,
            options => options with { HistoryPollInterval = TimeSpan.FromMilliseconds(50), Redis = settings = options.Redis with { CacheHistoryFor = TimeSpan.FromMilliseconds(1) } },
            publish: false);
        TestModel.Publish(server.Store, Spec, "v1", 0.25);
        await TestServer.Until(() => server.Server.IsReady);
        Assert.Equal(NoHistory, (await server.Rank(TestServer.Request("a", "b"))).Flags & NoHistory);

        await using var store = await RedisFeatureStore.OpenAsync(settings!);
        await WriteAsync(store.History, shown: 2);
        await TestServer.UntilAsync(async () => ((await server.Rank(InTab("a", "b"))).Flags & NoHistory) == 0);
        await server.Rank(InTab("a", "b"));

        var served = (ServedEvent)log.Records.Last().Record;
        Assert.Equal(2, ValueIn(served.UserFeatures, OfTheUser));
        Assert.Equal(2, ValueIn(served.ContextFeatures, OfATab));
        Assert.Equal([2, 0], served.Items.OrderBy(item => item.ItemId).Select(item => ValueIn(item.Features, OfTheItem)));
        var at = new HistoryPosition(start + 3, new LogPosition(new LogPartition(LogTopic.Events, 0), 2));
        Assert.Equal((at, at), (served.UserHistory, served.AttributeHistory));
        Assert.Equal([at, null], served.Items.OrderBy(item => item.ItemId).Select(item => item.History));

        await WriteAsync(store.History, shown: 5, number: 2);
        await TestServer.UntilAsync(async () =>
        {
            await server.Rank(InTab("a"));
            var last = (ServedEvent)log.Records.Last().Record;
            return ValueIn(last.UserFeatures, OfTheUser) == 5 && ValueIn(last.ContextFeatures, OfATab) == 5;
        });
    }

    private static Contracts.V1.RankRequest InTab(params string[] items)
    {
        var request = TestServer.Request(items);
        request.Features.Add(new Contracts.V1.FeatureColumn { Name = "tab", Texts = new Contracts.V1.TextValues { Values = { "home" } } });
        return request;
    }

    // What a trainer would write after so many impressions of item a to user u in one tab.
    private static async Task WriteAsync(IHistoryStore store, int shown, int number = 1)
    {
        var spec = Spec;
        var fold = HistoryFold.Of(spec.Schema, spec.Statistics, spec.Sequences)!;
        var join = new LabelJoin(spec.Tasks, new JoinSpec(), new NoEntities(), new NoOutput(), history: fold);
        for (var i = 1; i <= shown; i++)
        {
            join.Process(Merged(i, new ImpressionEvent(start + i, "u") { RequestId = $"r{i}", ItemId = "a", Features = Records(spec.Schema.Fingerprint) }));
        }

        join.End();
        var name = RequestHistory.NameOf(spec.Name, spec.Schema, spec.Statistics, spec.Sequences);
        var state = new HistoryExport(fold, null).Take(int.MaxValue);
        await store.WriteAsync(
            name, 1, new AttributeChanges(new HistoryHead(number, state.Position), state.Attributes),
            [
                .. state.Users.Select(user => KeyValuePair.Create(FeatureKey.OfHistory(EntityKind.User, user.Owner, name), (ReadOnlyMemory<byte>)user.State)),
                .. state.Items.Select(item => KeyValuePair.Create(FeatureKey.OfHistory(EntityKind.Item, item.Owner, name), (ReadOnlyMemory<byte>)item.State)),
            ],
            TimeSpan.FromDays(1), Token);
    }

    private static MergedEvent Merged(int offset, LogEvent record) => new(
        record.EventTime,
        new LogEntry { Position = new LogPosition(new LogPartition(LogTopic.Events, 0), offset), BrokerTime = record.EventTime, Event = record }, null);

    private static FeatureRecords Records(ulong fingerprint)
    {
        ReadOnlyMemory<byte> Of(int feature, string value)
        {
            var writer = new FeatureRecordWriter(fingerprint);
            writer.Write(feature, value);
            return writer.ToArray();
        }

        return new FeatureRecords(Of(1, "u"), Of(4, "home"), Of(2, "a"), default);
    }

    private static double ValueIn(ReadOnlyMemory<byte> record, int feature)
    {
        var reader = new FeatureRecordReader(record.Span);
        while (reader.Read())
        {
            if (reader.FeatureId == feature)
            {
                return BitConverter.ToDouble(reader.Value);
            }
        }

        return double.NaN;
    }

    private sealed class NoEntities : IEntityTables
    {
        public ReadOnlyMemory<byte> User(string userId) => default;

        public ReadOnlyMemory<byte> Item(string itemId) => default;
    }

    private sealed class NoOutput : IJoinOutput
    {
        public void Impression(in JoinedImpression impression)
        {
        }

        public void Example(Example example)
        {
        }

        public void Settled(in Settlement settlement)
        {
        }
    }
}
