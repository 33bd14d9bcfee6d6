using CsCheck;
using Ranking.Core;

namespace Ranking.Events.Tests;

/// <summary>The merged order: a function of the log, whatever comes first.</summary>
public sealed class EventMergeTests
{
    private static readonly LogPartition Events0 = new(LogTopic.Events, 0);
    private static readonly LogPartition Events1 = new(LogTopic.Events, 1);
    private static readonly TimeSpan MaxAhead = TimeSpan.FromMinutes(5);

    [Fact]
    public void TryTake_AnyInterleaving_ReleasesInTheSortedOrder() => Gen.Int[0, 1_000_000].Sample(
        seed =>
        {
            var log = new RandomLog(seed, requests: 40);
            var expected = Release(log.Entries, RandomLog.Positions);
            Assert.Equal(log.Entries.Count, expected.Count);
            var keys = expected.Select(merged => (merged.OrderTime, merged.Entry.Position.Partition, merged.Entry.Position.Offset)).ToList();
            Assert.Equal(keys.Order(), keys);
            Assert.Equal(expected, Release(log.Interleaved(seed + 1), RandomLog.Positions));
        },
        iter: 100);

    [Fact]
    public void Positions_ReadAgainFromThem_ReleaseTheRestInTheSameOrder() => Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, 300]).Sample(
        (seed, stop) =>
        {
            var log = new RandomLog(seed, requests: 40);
            var merge = new EventMerge(RandomLog.Positions, MaxAhead);
            var released = new List<MergedEvent>();
            foreach (var entry in log.Interleaved(seed).Take(stop))
            {
                merge.Add(entry);
                while (merge.TryTake(out var merged))
                {
                    released.Add(merged);
                }
            }

            var positions = merge.Positions;
            var unread = log.Interleaved(seed + 2).Where(entry => positions.Any(at => at.Partition == entry.Position.Partition && entry.Position.Offset >= at.Offset));
            Assert.Equal(Release(log.Entries, RandomLog.Positions), [.. released, .. Release(unread, positions)]);
        },
        iter: 100);

    [Fact]
    public void TryTake_PartitionBehind_WaitsForIt()
    {
        var merge = Fresh(Events0, Events1);
        merge.Add(Log.Entry(Log.Impression(100, "r"), 1, 0));
        Assert.False(merge.TryTake(out _));
        Assert.Equal(Events0, merge.WaitsFor);

        merge.Add(Log.Entry(new HeartbeatEvent(100), 0, 0));
        Assert.True(merge.TryTake(out var first));
        Assert.IsType<HeartbeatEvent>(first.Entry.Event);
        Assert.False(merge.TryTake(out _));

        merge.Add(Log.Entry(new HeartbeatEvent(101), 0, 1));
        Assert.True(merge.TryTake(out var second));
        Assert.Equal(new LogPosition(Events1, 0), second.Entry.Position);
    }

    [Fact]
    public void TryTake_EventTimeFarAhead_IsADeadLetterThatMovesNoMaximum()
    {
        var merge = Fresh(Events0);
        merge.Add(Log.Entry(Log.Impression(100, "a"), 0, 0));
        merge.Add(Log.Entry(Log.Impression(300_102, "b"), 0, 1, brokerTime: 101));
        merge.Add(Log.Entry(Log.Impression(300_101, "c"), 0, 2, brokerTime: 101));
        var released = Drain(merge);
        Assert.Equal([100, 100, 300_101], released.Select(merged => merged.OrderTime));
        Assert.Contains("300102 lies 300001 ms after", released[1].Fault, StringComparison.Ordinal);
        Assert.Null(released[2].Fault);
    }

    [Fact]
    public void TryTake_RecordAfterEnd_IsADeadLetter()
    {
        var merge = Fresh(Events0);
        merge.Add(Log.Entry(new EndEvent(5), 0, 0));
        Assert.Single(Drain(merge));
        Assert.True(merge.IsEnded);
        merge.Add(Log.Entry(Log.Impression(6, "r"), 0, 1));
        Assert.Contains("after the partition's end", Assert.Single(Drain(merge)).Fault, StringComparison.Ordinal);
        Assert.Equal([new MergePosition(Events0, 2, 5, true)], merge.Positions);
    }

    [Fact]
    public void Add_OffsetComesAgain_Throws()
    {
        var merge = Fresh(Events0);
        merge.Add(Log.Entry(Log.Impression(1, "r"), 0, 7));
        Assert.Throws<ArgumentException>(() => merge.Add(Log.Entry(Log.Impression(1, "r"), 0, 7)));
        Assert.Equal(new LogPosition(Events0, 8), Assert.Single(merge.Unread));
    }

    [Fact]
    public async Task FillAsync_PartitionRunsAhead_IsPausedUntilTheOthersCatchUp()
    {
        var log = new TwoPartitionLog(perPartition: 500);
        var merge = new EventMerge([MergePosition.Start(Events0), MergePosition.Start(Events1)], MaxAhead, bufferLimit: 10);
        var merged = new MergedLog(log, merge);
        var released = 0;
        while (await merged.FillAsync(TimeSpan.Zero, TestContext.Current.CancellationToken))
        {
            while (merged.TryTake(out _))
            {
                released++;
            }
        }

        Assert.Equal(1_000, released);
        Assert.True(log.Pauses > 10);
        Assert.True(log.MostAhead <= 10 + TwoPartitionLog.Fast);
    }

    private static EventMerge Fresh(params LogPartition[] partitions) => new(partitions.Select(partition => MergePosition.Start(partition)), MaxAhead);

    private static List<MergedEvent> Release(IEnumerable<LogEntry> entries, IEnumerable<MergePosition> start)
    {
        var merge = new EventMerge(start, MaxAhead);
        foreach (var entry in entries)
        {
            merge.Add(entry);
        }

        var released = Drain(merge);
        Assert.True(merge.IsEnded);
        return released;
    }

    private static List<MergedEvent> Drain(EventMerge merge)
    {
        var released = new List<MergedEvent>();
        while (merge.TryTake(out var merged))
        {
            released.Add(merged);
        }

        return released;
    }
}
