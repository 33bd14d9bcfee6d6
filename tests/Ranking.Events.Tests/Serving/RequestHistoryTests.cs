using System.Globalization;
using Ranking.Core;

namespace Ranking.Events.Tests;

public sealed class RequestHistoryTests : IDisposable
{
    private const long Start = 1_700_000_000_000;
    private static readonly TimeSpan minute = TimeSpan.FromMinutes(1);

    private readonly StatisticWorld world = new();
    private readonly Dictionary<ulong, byte[]> users = [];
    private readonly Dictionary<ulong, byte[]> items = [];
    private readonly AttributeHistory attributes = new(1_000_000);
    private readonly Random random = new(7);
    private long number;

    public void Dispose() => attributes.Dispose();

    [Fact]
    public void Complete_FromStoredState_HasTheBitsOfTheFold()
    {
        DeclareAll();
        var fold = world.History();
        var export = new HistoryExport(fold, null);
        var reader = new RequestHistory(world.Schema, world.Specs, world.Sequences);
        var time = Start;
        for (var round = 0; round < 60; round++)
        {
            time = Live(fold, time, 25);
            Store(export);
            var now = time + random.Next(100_000);
            var user = random.Next(12);
            var candidates = Enumerable.Range(0, 8).Select(_ => Records(user, random.Next(40))).ToArray();
            var (completed, positions) = Complete(reader, user, candidates, now);
            for (var i = 0; i < candidates.Length; i++)
            {
                var expected = fold.Complete(candidates[i], LogEvent.EntityKey(Id(user)), now);
                Assert.Equal(expected.User, completed.User);
                Assert.Equal(expected.Context, completed.Context);
                Assert.Equal(expected.Item, completed.Items[i]);
                Assert.Equal(expected.Pair, completed.Pairs[i]);
            }

            Assert.Equal(fold.Position, positions.Attributes);
        }
    }

    [Fact]
    public void Complete_OfAnEntityThatDidNotChange_KeepsItsOlderPosition()
    {
        world.Add(StatisticKind.Count, [StatisticWorld.User], StatisticSpec.Impression, FeatureScope.User);
        var fold = world.History();
        var export = new HistoryExport(fold, null);
        Show(fold, 1, 1, Start);
        Advance(fold, Start + 1);
        Store(export);
        var then = fold.Position;
        Show(fold, 2, 1, Start + 2);
        Advance(fold, Start + 3);
        Store(export);
        var reader = new RequestHistory(world.Schema, world.Specs, world.Sequences);
        Assert.Equal(then, Complete(reader, 1, [Records(1, 1)], Start + 3).Positions.User);
        Assert.Equal(fold.Position, Complete(reader, 2, [Records(2, 1)], Start + 3).Positions.User);
        Assert.Null(Complete(reader, 3, [Records(3, 1)], Start + 3).Positions.User);
    }

    [Fact]
    public void Complete_OfOtherBytes_IsAsOfNothing()
    {
        var count = world.Add(StatisticKind.Count, [StatisticWorld.User], StatisticSpec.Impression, FeatureScope.User);
        var reader = new RequestHistory(world.Schema, world.Specs, world.Sequences);
        users[LogEvent.EntityKey(Id(1))] = [1, 2, 3];
        var (records, positions) = Complete(reader, 1, [Records(1, 1)], Start);
        Assert.Null(positions.User);
        Assert.Equal(0, world.ValueOf(new FeatureRecords(records.User, default, default, default), count));
    }

    [Fact]
    public void HistoryExport_AfterARestart_TellsWhatTheStoreLacks()
    {
        DeclareAll();
        var fold = world.History();
        var export = new HistoryExport(fold, null);
        var time = Live(fold, Start, 200);
        Store(export);
        var stored = fold.Position;
        // What changes here is lost with the process: its export was never taken.
        time = Live(fold, time, 50);
        using var saved = new MemoryStream();
        using (var writer = new EntryWriter(saved))
        {
            fold.Write(writer);
        }

        saved.Position = 0;
        var restarted = world.History();
        using (var from = new EntryReader(saved))
        {
            restarted.Read(from);
        }

        Advance(restarted, time + 1);
        var missed = new HistoryExport(restarted, stored);
        Advance(restarted, time + 2);
        Store(missed);
        var reader = new RequestHistory(world.Schema, world.Specs, world.Sequences);
        for (var user = 0; user < 12; user++)
        {
            var records = Records(user, user);
            var expected = restarted.Complete(records, LogEvent.EntityKey(Id(user)), time + 2);
            var (actual, _) = Complete(reader, user, [records], time + 2);
            Assert.Equal(expected.User, actual.User);
            Assert.Equal(expected.Item, actual.Items[0]);
            Assert.Equal(expected.Pair, actual.Pairs[0]);
        }
    }

    [Fact]
    public void NameOf_OtherDeclarations_IsAnotherHistory()
    {
        world.Add(StatisticKind.Count, [StatisticWorld.User], StatisticSpec.Impression, FeatureScope.User);
        var one = RequestHistory.NameOf("shop", world.Schema, world.Specs, []);
        Assert.Equal(one, RequestHistory.NameOf("shop", world.Schema, world.Specs, []));
        Assert.NotEqual(one, RequestHistory.NameOf("feed", world.Schema, world.Specs, []));
        world.Add(StatisticKind.Count, [StatisticWorld.Item], StatisticSpec.Impression, FeatureScope.Item);
        Assert.NotEqual(one, RequestHistory.NameOf("shop", world.Schema, world.Specs, []));
    }

    // Every kind, of users, items, both and neither, with keys that expire while the test runs.
    private void DeclareAll()
    {
        StatisticSpec Short(StatisticSpec spec) => spec with { Expire = 30 * minute, Among = StatisticSpec.Impression, Lag = minute };
        world.Add(StatisticKind.Rate, [StatisticWorld.User], "click", FeatureScope.User, Short);
        world.Add(StatisticKind.Rate, [StatisticWorld.User, StatisticWorld.Author], "click", FeatureScope.Pair, spec => Short(spec) with
        {
            Parent = [StatisticWorld.Author],
            Window = new(WindowKind.Decay, 5 * minute),
        });
        world.Add(StatisticKind.RateError, [StatisticWorld.Item], "click", FeatureScope.Item, Short);
        world.Add(StatisticKind.Count, [StatisticWorld.User, StatisticWorld.Item], StatisticSpec.Impression, FeatureScope.Pair, spec => spec with { Window = new(WindowKind.Sliding, 8 * minute) });
        world.Add(StatisticKind.Since, [StatisticWorld.Author], "click", FeatureScope.Item);
        world.Add(StatisticKind.Last, [StatisticWorld.User], "click", FeatureScope.User, spec => Short(spec) with { Argument = 2 });
        world.Add(StatisticKind.Distinct, [StatisticWorld.User], StatisticSpec.Impression, FeatureScope.User, spec => spec with { Argument = StatisticWorld.Author });
        world.Add(StatisticKind.Logistic, [], "click", FeatureScope.Pair, spec => Short(spec) with
        {
            Weights = [[StatisticWorld.User], [StatisticWorld.Item], [StatisticWorld.Author], [StatisticWorld.User, StatisticWorld.Author]],
        });
        world.AddSequence(last: 5);
    }

    private long Live(HistoryFold fold, long time, int events)
    {
        for (var i = 0; i < events; i++)
        {
            time += random.Next(20_000);
            Advance(fold, time);
            Show(fold, random.Next(12), random.Next(40), time, isClicked: random.Next(3) == 0);
        }

        Advance(fold, time + 1);
        return time + 1;
    }

    private void Show(HistoryFold fold, int user, int item, long time, bool isClicked = false)
    {
        var entry = new ImpressionEntry
        {
            Key = (UInt128)(++number),
            Due = default,
            User = LogEvent.EntityKey(Id(user)),
            Item = LogEvent.EntityKey(Id(item)),
            Features = Records(user, item),
            Time = time,
            Place = time,
        };
        fold.Take(entry);
        if (isClicked)
        {
            fold.Take(entry, "click", double.NaN, time);
        }
    }

    private static void Advance(HistoryFold fold, long time)
    {
        fold.AdvanceTo(time);
        fold.Reach(new HistoryPosition(time, new LogPosition(new LogPartition(LogTopic.Events, 0), time)));
    }

    private void Store(HistoryExport export)
    {
        HistoryState state;
        do
        {
            state = export.Take(5);
            foreach (var (owner, bytes) in state.Users)
            {
                users[owner] = bytes;
            }

            foreach (var (owner, bytes) in state.Items)
            {
                items[owner] = bytes;
            }
        }
        while (!state.IsLast);
        attributes.Apply(new AttributeChanges(new HistoryHead(++number, state.Position), state.Attributes));
    }

    private (RequestRecords Records, HistoryPositions Positions) Complete(RequestHistory reader, int user, FeatureRecords[] candidates, long time)
    {
        var request = new RequestRecords(candidates[0].User, default, [.. candidates.Select(one => one.Item)], []);
        var histories = candidates.Select(one => (ReadOnlyMemory<byte>)items.GetValueOrDefault(LogEvent.EntityKey(Id(ItemOf(one))), [])).ToArray();
        return reader.Complete(request, new StoredHistory(users.GetValueOrDefault(LogEvent.EntityKey(Id(user)), []), histories, attributes), time);
    }

    private static int ItemOf(in FeatureRecords records)
    {
        var reader = new FeatureRecordReader(records.Item.Span);
        while (reader.Read() && reader.FeatureId != StatisticWorld.Item)
        {
        }

        var value = reader.Value;
        return (int)FeatureRecordReader.TakeInteger(ref value);
    }

    private static FeatureRecords Records(int user, int item) => StatisticWorld.RecordsOf(user, item, item % 7);

    private static string Id(int number) => number.ToString(CultureInfo.InvariantCulture);
}
