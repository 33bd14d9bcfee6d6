using CsCheck;
using Ranking.Core;

namespace Ranking.Events.Tests;

/// <summary>The join over random logs, against a batch join written apart.</summary>
public sealed class LabelJoinPropertyTests
{
    private static readonly Gen<(int Seed, EmitMode Emit)> Logs = Gen.Select(Gen.Int[0, int.MaxValue - 1], Gen.Enum<EmitMode>());

    [Fact]
    public void Process_RandomLogInAnyArrivalOrder_EqualsTheBatchJoinAndBalances() => Logs.Sample(
        (seed, emit) =>
        {
            var spec = new JoinSpec { Emit = emit };
            var log = new RandomLog(seed, requests: 150);
            var expected = BatchJoin.Run(log.Entries, RandomLog.Tasks, spec);
            for (var order = 0; order < 3; order++)
            {
                var joined = new Joined();
                var join = new LabelJoin(RandomLog.Tasks, spec, joined, joined);
                joined.Predicts = join;
                Run(join, log.Interleaved(seed ^ order));
                AssertSame(expected, joined);
                AssertBalanced(join.Counts, log);
            }
        },
        iter: 60);

    [Fact]
    public void Process_TinyMemory_SpillsAndGivesTheSame() => Logs.Sample(
        (seed, emit) =>
        {
            var spec = new JoinSpec { Emit = emit, MemoryEntries = 5 };
            var log = new RandomLog(seed, requests: 100);
            using var spill = new MemorySpill();
            var joined = new Joined();
            var join = new LabelJoin(RandomLog.Tasks, spec, joined, joined, spill);
            joined.Predicts = join;
            Run(join, log.Interleaved(seed));
            Assert.True(spill.Puts > 100);
            AssertSame(BatchJoin.Run(log.Entries, RandomLog.Tasks, spec), joined);
        },
        iter: 40);

    [Fact]
    public void Save_AtAnyPoint_GoesOnAsIfNothingHadHappenedWithTheSameBytes() => Gen.Select(Logs, Gen.Double.Unit).Sample(
        (log, where) =>
        {
            var entries = new RandomLog(log.Seed, requests: 80);
            var spec = new JoinSpec { Emit = log.Emit, MemoryEntries = 20 };
            var joined = new Joined();
            var roomy = new LabelJoin(RandomLog.Tasks, spec with { MemoryEntries = 1_000_000 }, joined, joined);
            var apart = new Joined();
            using var spill = new MemorySpill();
            var tight = new LabelJoin(RandomLog.Tasks, spec, apart, apart, spill);
            var merged = Merge(entries.Interleaved(log.Seed)).ToList();
            var cut = (int)(where * merged.Count);
            merged.Take(cut).ToList().ForEach(record =>
            {
                roomy.Process(record);
                tight.Process(record);
            });

            var saved = Bytes(roomy);
            Assert.Equal(saved, Bytes(tight));
            using var otherSpill = new MemorySpill();
            var resumed = new LabelJoin(RandomLog.Tasks, spec, joined, joined, otherSpill);
            resumed.Load(new MemoryStream(saved));
            Assert.Equal(saved, Bytes(resumed));

            merged.Skip(cut).ToList().ForEach(record => resumed.Process(record));
            resumed.End();
            AssertSame(BatchJoin.Run(entries.Entries, RandomLog.Tasks, spec), joined);
            AssertBalanced(resumed.Counts, entries);
        },
        iter: 40);

    [Fact]
    public void RandomLog_SomeSeeds_CoverEveryWayInWhichARecordCanEnd()
    {
        var seen = Enumerable.Range(0, 5)
            .SelectMany(seed => BatchJoin.Run(new RandomLog(seed, 200).Entries, RandomLog.Tasks, new JoinSpec()).Settlements.Values)
            .CountBy(text => text)
            .ToDictionary();
        Assert.Equal(7, seen.Count);
        Assert.All(seen, pair => Assert.True(pair.Value > 20, $"{pair}"));
    }

    private static void Run(LabelJoin join, IEnumerable<LogEntry> entries)
    {
        foreach (var record in Merge(entries))
        {
            join.Process(record);
        }

        join.End();
    }

    internal static IEnumerable<MergedEvent> Merge(IEnumerable<LogEntry> entries)
    {
        var merge = new EventMerge(RandomLog.Positions, new JoinSpec().MaxAhead);
        foreach (var entry in entries)
        {
            merge.Add(entry);
            while (merge.TryTake(out var merged))
            {
                yield return merged;
            }
        }

        Assert.True(merge.IsEnded);
    }

    private static void AssertSame(Joined expected, Joined actual)
    {
        Assert.Equal(expected.Settlements, actual.Settlements);
        Assert.Equal(expected.Examples, actual.Examples);
    }

    private static void AssertBalanced(JoinCounts counts, RandomLog log)
    {
        var records = log.Entries.Count(entry => entry.Event is not (HeartbeatEvent or EndEvent));
        Assert.Equal(records, Enum.GetValues<Disposition>().Sum(counts.Settled));
        Assert.Equal(0, counts.Pending);
        Assert.True(counts.Settled(Disposition.Joined) > 0 && counts.Settled(Disposition.Duplicate) > 0);
        Assert.True(counts.Settled(Disposition.Orphan) > 0 && counts.Settled(Disposition.DeadLetter) > 0);
    }

    private static byte[] Bytes(LabelJoin join)
    {
        using var stream = new MemoryStream();
        join.Save(stream);
        return stream.ToArray();
    }
}
