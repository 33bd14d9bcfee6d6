using CsCheck;
using Ranking.Core;

namespace Ranking.Events.Tests;

/// <summary>The statistics of random logs, moved along by the join.</summary>
public sealed class StatisticsJoinTests
{
    private static readonly Gen<(int Seed, EmitMode Emit)> Logs = Gen.Select(Gen.Int[0, int.MaxValue - 1], Gen.Enum<EmitMode>());

    [Fact]
    public void Process_AnyArrivalOrder_GivesTheSameValuesAndStateAndNoneSeesItsOwnFuture() => Logs.Sample(
        (seed, emit) =>
        {
            var log = new RandomLog(seed, requests: 100);
            var runs = Enumerable.Range(0, 3).Select(order => new Run(emit).Take(Merge(log.Interleaved(seed ^ order)))).ToList();
            Assert.All(runs, run => Assert.Equal(runs[0].Values, run.Values));
            Assert.All(runs, run => Assert.Equal(runs[0].Bytes(), run.Bytes()));
            // All impressions completed strictly before, by their places: counted apart.
            foreach (var (place, value) in runs[0].Places.Zip(runs[0].Values).Where(pair => !double.IsNaN(pair.Second)))
            {
                Assert.Equal(runs[0].Places.Count(other => other < place), value);
            }

            Assert.Contains(runs[0].Values, value => value > 10);
            var users = runs[0].Users.Zip(runs[0].Places).ToList();
            foreach (var (impression, entries) in users.Zip(runs[0].Entries).Where((_, i) => !double.IsNaN(runs[0].Values[i])))
            {
                Assert.Equal(Math.Min(Run.Last, users.Count(other => other.First == impression.First && other.Second < impression.Second)), entries);
            }
        },
        iter: 30);

    [Fact]
    public void Save_AtAnyPoint_GoesOnWithTheSameBytes() => Gen.Select(Logs, Gen.Double.Unit).Sample(
        (log, where) =>
        {
            var merged = Merge(new RandomLog(log.Seed, requests: 60).Interleaved(log.Seed)).ToList();
            var cut = (int)(where * merged.Count);
            var whole = new Run(log.Emit).Take(merged);
            var first = new Run(log.Emit).Take(merged.Take(cut));
            var second = new Run(log.Emit);
            second.Join.Load(new MemoryStream(first.Bytes()));
            Assert.Equal(first.Bytes(), second.Bytes());
            second.Take(merged.Skip(cut));
            Assert.Equal(whole.Bytes(), second.Bytes());
            Assert.Equal(whole.Values, [.. first.Values, .. second.Values]);
        },
        iter: 30);

    [Fact]
    public void Load_OtherStatistics_SaysSo()
    {
        var run = new Run(EmitMode.OnClose);
        var world = new StatisticWorld();
        world.Add(StatisticKind.Since, [], StatisticSpec.Impression, FeatureScope.Context);
        var joined = new Joined();
        var other = new LabelJoin(RandomLog.Tasks, new JoinSpec(), joined, joined, history: world.History());
        Assert.Contains("declared otherwise", Assert.Throws<InvalidDataException>(() => other.Load(new MemoryStream(run.Bytes()))).Message);
    }

    // The log's records stand for feature records; here they are ones.
    private static IEnumerable<MergedEvent> Merge(IEnumerable<LogEntry> entries) => LabelJoinPropertyTests.Merge(entries.Select(entry => new LogEntry
    {
        Position = entry.Position,
        BrokerTime = entry.BrokerTime,
        Fault = entry.Fault,
        Event = entry.Event switch
        {
            ServedEvent served => served with { UserFeatures = Records(served.UserId).User, ContextFeatures = default, Items = [.. served.Items.Select(item => item with { Features = default, PairFeatures = default })] },
            ImpressionEvent { Features: not null } impression => impression with { Features = Records(impression.UserId) },
            var other => other,
        },
    }));

    private static FeatureRecords Records(string user) => StatisticWorld.Records(user.Length + user[^1], 1);

    private sealed class Run : IJoinOutput, IEntityTables
    {
        private readonly StatisticWorld world = new();
        public const int Last = 4;
        private readonly int count;
        private readonly int sequence;

        public Run(EmitMode emit)
        {
            count = world.Add(StatisticKind.Count, [], StatisticSpec.Impression, FeatureScope.Context);
            world.Add(StatisticKind.Rate, [], "click", FeatureScope.Context, spec => spec with { Among = StatisticSpec.Impression, Lag = TimeSpan.FromSeconds(20), Window = new(WindowKind.Decay, TimeSpan.FromMinutes(3)) });
            world.Add(StatisticKind.Last, [StatisticWorld.User], "click", FeatureScope.User, spec => spec with { Among = StatisticSpec.Impression, Argument = 2 });
            sequence = world.AddSequence(Last);
            Join = new LabelJoin(RandomLog.Tasks, new JoinSpec { Emit = emit }, this, this, history: world.History());
        }

        public LabelJoin Join { get; }

        public List<double> Values { get; } = [];

        public List<long> Places { get; } = [];

        public List<ulong> Users { get; } = [];

        public List<int> Entries { get; } = [];

        public Run Take(IEnumerable<MergedEvent> events)
        {
            foreach (var next in events)
            {
                Join.Process(next);
            }

            return this;
        }

        public byte[] Bytes()
        {
            var stream = new MemoryStream();
            Join.Save(stream);
            return stream.ToArray();
        }

        public ReadOnlyMemory<byte> User(string userId) => Records(userId).User;

        public ReadOnlyMemory<byte> Item(string itemId) => Records(itemId).Item;

        public void Impression(in JoinedImpression impression)
        {
            Places.Add(impression.OrderTime);
            Users.Add(impression.User);
            Entries.Add(StatisticWorld.EntriesOf(impression.Features, sequence));
            Values.Add(world.ValueOf(impression.Features, count));
        }

        public void Example(Example example)
        {
        }

        public void Settled(in Settlement settlement)
        {
        }
    }
}
