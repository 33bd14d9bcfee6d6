using CsCheck;
using Ranking.Core;
using Ranking.Events;
using Ranking.Testing;

namespace Ranking.Trainer.Tests;

public sealed class RocksDbSpillTests
{
    [Fact]
    public void TakeAndTakeEarliest_AnyOrderOfCalls_GiveWhatASortedDictionaryGives() => Gen.Int[0, 1_000_000].Sample(
        seed =>
        {
            using var folder = new TemporaryFolder();
            using var spill = new RocksDbSpill(folder.Combine("spill"));
            var model = new SortedDictionary<JoinDue, (UInt128 Key, byte[] Entry)>();
            var random = new Random(seed);
            var keys = 0;
            // Waves of filling and emptying, past the size of the batch that stands in memory.
            for (var step = 0; step < 12_000; step++)
            {
                if (random.Next(100) < (step / 3_000 % 2 == 0 ? 90 : 15))
                {
                    var entry = new byte[random.Next(40)];
                    random.NextBytes(entry);
                    var (key, due) = ((UInt128)(uint)(keys * 7_919), new JoinDue(random.Next(-500, 500), keys++));
                    spill.Put(key, due, entry);
                    model.Add(due, (key, entry));
                }
                else if (model.Count > 0 && random.Next(4) == 0)
                {
                    var (due, kept) = model.ElementAt(random.Next(model.Count));
                    Assert.Equal(kept.Entry, spill.Take(kept.Key));
                    model.Remove(due);
                }
                else if (model.Count > 0)
                {
                    var (due, kept) = model.First();
                    Assert.Equal(due, spill.Earliest);
                    Assert.Equal(kept.Entry, spill.TakeEarliest());
                    model.Remove(due);
                }

                Assert.Equal(model.Count == 0 ? null : model.First().Key, spill.Earliest);
            }

            Assert.Null(spill.Take(UInt128.MaxValue));
            Assert.Equal(model.Select(pair => (pair.Key, Convert.ToHexString(pair.Value.Entry))), spill.ReadAll().Select(pair => (pair.Due, Convert.ToHexString(pair.Entry))));
            spill.Clear();
            Assert.Null(spill.Earliest);
            Assert.Empty(spill.ReadAll());
        },
        iter: 3);

    [Fact]
    public void Process_JoinThatSpillsToDisk_GivesTheSameExamplesAndState()
    {
        using var folder = new TemporaryFolder();
        using var spill = new RocksDbSpill(folder.Combine("spill"));
        var (tight, roomy) = (new Recorder(), new Recorder());
        var spilling = new LabelJoin(Recorder.Tasks, new JoinSpec { MemoryEntries = 10 }, tight, tight, spill);
        var plain = new LabelJoin(Recorder.Tasks, new JoinSpec(), roomy, roomy);
        foreach (var record in Recorder.Log(3_000))
        {
            spilling.Process(record);
            plain.Process(record);
        }

        Assert.NotNull(spill.Earliest);
        Assert.Equal(Saved(plain), Saved(spilling));
        spilling.End();
        plain.End();
        Assert.Equal(1_500, roomy.Examples.Count);
        Assert.Equal(roomy.Examples, tight.Examples);
    }

    private static byte[] Saved(LabelJoin join)
    {
        using var stream = new MemoryStream();
        join.Save(stream);
        return stream.ToArray();
    }

    private sealed class Recorder : IJoinOutput, IEntityTables
    {
        public static TaskSet Tasks { get; } = new([new RankingTask { Name = "ctr", Outcome = "click", Window = TimeSpan.FromSeconds(30) }]);

        public List<(UInt128 Impression, uint Labels)> Examples { get; } = [];

        public static IEnumerable<MergedEvent> Log(int records)
        {
            for (var i = 0; i < records; i++)
            {
                LogEvent record = i % 2 == 0
                    ? new ImpressionEvent(100 * i, "u") { RequestId = $"r{i}", ItemId = "i", Features = default(FeatureRecords) }
                    : new OutcomeEvent(100 * i, "u") { RequestId = $"r{(i - 1) / 4 * 2}", ItemId = "i", Name = "click" };
                var entry = new LogEntry { Position = new LogPosition(new LogPartition(LogTopic.Events, 0), i), BrokerTime = 100 * i, Event = record };
                yield return new MergedEvent(record.EventTime, entry, null);
            }
        }

        public void Impression(in JoinedImpression impression) => Assert.False(impression.IsReconstructed);

        public void Example(Example example) => Examples.Add((example.Impression, example.Labels));

        public void Settled(in Settlement settlement) => Assert.NotEqual(Disposition.DeadLetter, settlement.Disposition);

        public ReadOnlyMemory<byte> User(string userId) => default;

        public ReadOnlyMemory<byte> Item(string itemId) => default;
    }
}
