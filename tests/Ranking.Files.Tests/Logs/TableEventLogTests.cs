using CsCheck;
using Ranking.Core;

namespace Ranking.Files.Tests;

public sealed class TableEventLogTests : IDisposable
{
    private const string Head = "user,item,time,split,click,buy,delay,tab\n";
    private readonly TestJob job = new();

    [Fact]
    public async Task Open_Rows_BecomeImpressionsWithTheirOutcomes()
    {
        await using var log = TableEventLog.Open(job.Source(Head + "ann,1,5000,train,1,1,250,home\nann,2,4000,test,1,0,9,\n", partitions: 1), TestJob.Schema);

        var events = log.Read(new LogPartition(LogTopic.Events, 0)).ToList();
        Assert.Equal([0L, 1, 2, 3, 4, 5], events.Select(entry => entry.Position.Offset));
        Assert.Equal(["job:1", "job:0", "job:1", "job:0", "job:0", null], events.Select(entry => RequestOf(entry.Event!)));
        Assert.Equal([4000L, 5000, 5000, 6000, 6250, 6250], events.Select(entry => entry.Event!.EventTime));
        Assert.Equal(["click", "click", "buy"], events.Select(entry => entry.Event).OfType<OutcomeEvent>().Select(outcome => outcome.Name));
        var impression = Assert.IsType<ImpressionEvent>(events[1].Event);
        Assert.Equal(("ann", "1", "train"), (impression.UserId, impression.ItemId, impression.Split));
        Assert.Equal((2, 0), (log.Rows, log.FaultyRows));
    }

    [Fact]
    public async Task Progress_WhileRead_RisesToOne()
    {
        await using var log = TableEventLog.Open(job.Source(Head + string.Concat(Enumerable.Repeat("ann,1,5000,train,0,0,0,home\n", 1_000)), partitions: 1), TestJob.Schema);
        var before = log.Progress;
        await log.ReadAsync(TimeSpan.Zero, TestContext.Current.CancellationToken);
        Assert.Equal((0, 0.256), (before, log.Progress));
        while (!log.IsAtEnd)
        {
            await log.ReadAsync(TimeSpan.Zero, TestContext.Current.CancellationToken);
        }

        Assert.Equal(1, log.Progress);
    }

    [Fact]
    public async Task Open_Rows_CarryTheFeaturesOfTheirUserAndItem()
    {
        await using var log = TableEventLog.Open(job.Source(Head + "ann,1,5000,train,1,1,250,home\nnew,9,6000,train,0,0,0,\n"), TestJob.Schema);

        var features = TestJob.ReadAll(log).Select(entry => entry.Event).OfType<ImpressionEvent>().ToDictionary(one => one.UserId, one => one.Features!.Value);
        var encoder = new FeatureEncoder(TestJob.Schema, [], serving: false);
        Assert.Equal((new KeyHash("user_id").Of("ann"u8), 31f, 2, new KeyHash("tab").Of("home"u8)), Encode(encoder, features["ann"]));
        Assert.Equal((new KeyHash("user_id").Of("new"u8), 0f, 1, KeyHash.Missing(4)), Encode(encoder, features["new"]));
    }

    [Fact]
    public async Task Open_PositionColumn_IsWhereImpressionsWereShown()
    {
        var source = job.Source("user,item,time,split,click,buy,delay,tab,place\nann,1,1000,train,0,0,0,x,0\nann,1,2000,train,0,0,0,x,7\nann,1,3000,train,0,0,0,x,\nann,1,4000,train,0,0,0,x,-1\n");
        await using var log = TableEventLog.Open(source with { Log = source.Log with { PositionColumn = "place" } }, TestJob.Schema);

        var entries = TestJob.ReadAll(log);
        Assert.Equal([0, 7, null], entries.Select(entry => entry.Event).OfType<ImpressionEvent>().Select(impression => impression.Position));
        Assert.Contains("'-1' in the position column 'place'; give an integer from 0", Assert.Single(entries, entry => entry.Fault is not null).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_FaultyRows_AreToldCountedAndKept()
    {
        const string Rows = "ann,1,5000,train,1,1,250,home\n,1,5000,train,0,0,0,x\nann,1,soon,train,0,0,0,x\nann,1,6000,train,,0,0,x\nann,1,6000,train,1,1,-5000,x\nann,1,7000,train\n";
        await using var log = TableEventLog.Open(job.Source(Head + Rows), TestJob.Schema);

        var faults = TestJob.ReadAll(log).Where(entry => entry.Fault is not null).Select(entry => entry.Fault!).Order().ToList();
        Assert.Equal(5, log.FaultyRows);
        Assert.Equal(6, log.Rows);
        Assert.Collection(faults,
            fault => Assert.Contains("log.csv:3: nothing in the id column 'user'; give", fault, StringComparison.Ordinal),
            fault => Assert.Contains("log.csv:4: 'soon' in the time column 'time'; give Unix time in ms", fault, StringComparison.Ordinal),
            fault => Assert.Contains("log.csv:5: no value of 'click' for the outcome 'click'", fault, StringComparison.Ordinal),
            fault => Assert.Contains("log.csv:6: -4000 as '1000 + delay' for the outcome 'buy'", fault, StringComparison.Ordinal),
            fault => Assert.Contains("log.csv:7: 4 values where the header names 8 columns", fault, StringComparison.Ordinal));
        Assert.Single(TestJob.ReadAll(log), entry => entry.Event is ImpressionEvent);
    }

    [Fact]
    public async Task Open_EveryPartition_EndsAtTheLogsLastTime()
    {
        await using var log = TableEventLog.Open(job.Source(Head + "ann,1,5000,train,1,1,250,home\n"), TestJob.Schema);

        Assert.Equal(8, log.Partitions.Length);
        Assert.All(log.Partitions, partition => Assert.Equal(6250, Assert.IsType<EndEvent>(log.Read(partition).Last().Event).EventTime));
        Assert.All(log.Partitions.Where(partition => partition.Topic == LogTopic.Served), partition => Assert.Single(log.Read(partition)));
    }

    [Fact]
    public void Open_AnyRows_AreSortedByTimeRowAndKindInTheUsersPartition() =>
        Gen.Select(Gen.Int[0, 20], Gen.Int[0, 30], Gen.Int[0, 1], Gen.Int[0, 50]).Array[1, 60].Sample(rows =>
        {
            using var one = new TestJob();
            var text = Head + string.Concat(rows.Select(row => $"u{row.Item1},1,{row.Item2 * 100},train,{row.Item3},1,{row.Item4 * 100},t\n"));
            foreach (var memory in new[] { 7, 1_000 })
            {
                using var log = new Closing(TableEventLog.Open(one.Source(text), TestJob.Schema, memoryRecords: memory));
                var entries = log.Log.Partitions.Where(partition => partition.Topic == LogTopic.Events).SelectMany(log.Log.Read).Where(entry => entry.Event is not EndEvent).ToList();
                Assert.Equal(rows.Sum(row => 1 + (2 * row.Item3)), entries.Count);
                Assert.All(entries, entry => Assert.Equal(UserPartition.Of(entry.Event!.UserId, 4), entry.Position.Partition.Partition));
                foreach (var partition in entries.GroupBy(entry => entry.Position.Partition))
                {
                    var places = partition.Select(entry => (entry.Event!.EventTime, RowOf(entry.Event), KindOf(entry.Event))).ToList();
                    Assert.Equal(places.Order(), places);
                    Assert.Equal(Enumerable.Range(0, places.Count).Select(offset => (long)offset), partition.Select(entry => entry.Position.Offset));
                }
            }
        }, iter: 30, threads: 1);

    [Fact]
    public async Task ReadAsync_WithPausesAndResumption_GivesEveryRecordOnceInOrder()
    {
        var rows = string.Concat(Enumerable.Range(0, 3_000).Select(row => $"u{row % 50},1,{row},train,{row % 2},0,0,t\n"));
        await using var log = TableEventLog.Open(job.Source(Head + rows), TestJob.Schema);
        var read = new List<LogEntry>();
        LogPartition[] held = [log.Partitions[4], log.Partitions[6]];
        log.Pause(held);
        while (await log.ReadAsync(TimeSpan.Zero, TestContext.Current.CancellationToken) is { Count: > 0 } some)
        {
            read.AddRange(some);
        }

        Assert.DoesNotContain(read, entry => held.Contains(entry.Position.Partition));
        Assert.False(log.IsAtEnd);
        log.Resume(held);
        while (!log.IsAtEnd)
        {
            read.AddRange(await log.ReadAsync(TimeSpan.Zero, TestContext.Current.CancellationToken));
        }

        Assert.Equal(TestJob.ReadAll(log).Select(entry => entry.Position).Order(Positions), read.Select(entry => entry.Position).Order(Positions));
        Assert.All(read.GroupBy(entry => entry.Position.Partition), group => Assert.Equal(group.Select(entry => entry.Position.Offset).Order(), group.Select(entry => entry.Position.Offset)));
    }

    [Fact]
    public async Task Open_SameRowsAsJsonLines_GivesTheSameEvents()
    {
        var source = job.Source(Head + "ann,1,5000,train,1,1,250,home\nbob,2,6000,test,0,0,0,7\n");
        var lines = job.Write("log.jsonl", """
            {"user":"ann","item":1,"time":5000,"split":"train","click":true,"buy":1,"delay":250,"tab":"home"}
            {"user":"bob","item":2,"time":6000,"split":"test","click":false,"buy":0,"delay":0,"tab":7}
            """);
        await using var csv = TableEventLog.Open(source, TestJob.Schema);
        await using var json = TableEventLog.Open(source with { Log = source.Log with { Path = lines } }, TestJob.Schema);

        Assert.Equal(TestJob.ReadAll(csv).Select(Bytes), TestJob.ReadAll(json).Select(Bytes));

        static string Bytes(LogEntry entry)
        {
            using var bytes = new MemoryStream();
            EventCodec.Write(new BinaryWriter(bytes), entry.Event, entry.Fault);
            return $"{entry.Position} {Convert.ToHexString(bytes.ToArray())}";
        }
    }

    [Fact]
    public async Task Open_FromPositions_GoesOnThere()
    {
        var source = job.Source(Head + "ann,1,5000,train,1,1,250,home\n", partitions: 1);
        var (served, events) = (new LogPartition(LogTopic.Served, 0), new LogPartition(LogTopic.Events, 0));
        await using var log = TableEventLog.Open(source, TestJob.Schema, new Dictionary<LogPartition, long> { [served] = 1, [events] = 2 });

        var read = await log.ReadAsync(TimeSpan.Zero, TestContext.Current.CancellationToken);
        Assert.Equal([new LogPosition(events, 2), new LogPosition(events, 3)], read.Select(entry => entry.Position));
        var beyond = new Dictionary<LogPartition, long> { [events] = 5 };
        Assert.Contains("offset 5 is wanted", Assert.Throws<LogPositionException>(() => TableEventLog.Open(source, TestJob.Schema, beyond)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TimeUnit.Ms, "1650812741436", 1650812741436)]
    [InlineData(TimeUnit.S, "1650812741.436", 1650812741436)]
    [InlineData(TimeUnit.Us, "1650812741436999", 1650812741436)]
    [InlineData(TimeUnit.Iso, "2022-04-24T15:05:41.436Z", 1650812741436)]
    [InlineData(TimeUnit.Iso, "2022-04-24 23:05:41.436+08:00", 1650812741436)]
    public async Task Open_TimesOfEachUnit_AreUnixMilliseconds(TimeUnit unit, string time, long expected)
    {
        await using var log = TableEventLog.Open(job.Source(Head + $"ann,1,{time},train,0,0,0,x\n", unit: unit), TestJob.Schema);
        Assert.Equal(expected, TestJob.ReadAll(log).Select(entry => entry.Event).OfType<ImpressionEvent>().Single().EventTime);
    }

    [Fact]
    public async Task Open_TimesInAnotherUnitThanDeclared_AreFaults()
    {
        await using var log = TableEventLog.Open(job.Source(Head + "ann,1,1650812741436,train,0,0,0,x\n", unit: TimeUnit.S), TestJob.Schema);
        Assert.Equal(1, log.FaultyRows);
    }

    public void Dispose() => job.Dispose();

    private static readonly Comparer<LogPosition> Positions = Comparer<LogPosition>.Create((a, b) => (a.Partition, a.Offset).CompareTo((b.Partition, b.Offset)));

    private static string? RequestOf(LogEvent record) => (record as ImpressionEvent)?.RequestId ?? (record as OutcomeEvent)?.RequestId;

    private static int RowOf(LogEvent record) => int.Parse(RequestOf(record)!.Split(':')[1]);

    private static int KindOf(LogEvent record) => record is ImpressionEvent ? 0 : record is OutcomeEvent { Name: "click" } ? 1 : 2;

    private static (ulong User, float Age, int Tags, ulong Tab) Encode(FeatureEncoder encoder, FeatureRecords features)
    {
        var batch = encoder.CreateBatch();
        encoder.Encode(batch, 0, features.User, features.Context, [features.Item], []);
        return (batch[FeatureScope.User].Columns[0].Keys[0], batch[FeatureScope.User].Columns[1].Values[0],
            batch[FeatureScope.Item].Columns[0].Keys.Length, batch[FeatureScope.Context].Columns[0].Keys[0]);
    }

    private sealed record Closing(TableEventLog Log) : IDisposable
    {
        public void Dispose() => Log.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
