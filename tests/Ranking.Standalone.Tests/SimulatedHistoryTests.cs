using Ranking.Core;

namespace Ranking.Standalone.Tests;

public class SimulatedHistoryTests
{
    private const long End = 1_700_000_000_000;
    private static readonly SimulationOptions Small = new() { Users = 50, Items = 40, Candidates = 20, HistoryImpressions = 5_000, HistorySpan = TimeSpan.FromMinutes(10) };
    private static readonly FeatureSchema Schema = new(
    [
        new Feature { Id = 1, Name = "user_id", Kind = FeatureKind.Categorical, Scope = FeatureScope.User, Table = "user" },
        new Feature { Id = 2, Name = "item_id", Kind = FeatureKind.Categorical, Scope = FeatureScope.Item, Table = "item" },
        new Feature { Id = 3, Name = "tab", Kind = FeatureKind.Categorical, Scope = FeatureScope.Context, Table = "tab" },
    ]);

    [Fact]
    public void Read_SameSeed_GivesTheSameRecords()
    {
        var (first, second) = (Generate(Small).Log, Generate(Small).Log);
        Assert.Equal(first.Select(Describe), second.Select(Describe));
        Assert.NotEqual(first.Select(Describe), Generate(Small with { Seed = 2 }).Log.Select(Describe));
    }

    [Fact]
    public void Read_AnyPartition_HasOffsetsInOrderOfArrivalAndItsUsersOnly()
    {
        foreach (var partition in Generate(Small).Log.GroupBy(entry => entry.Position.Partition))
        {
            Assert.Equal(Enumerable.Range(0, partition.Count()).Select(i => (long)i), partition.Select(entry => entry.Position.Offset));
            Assert.Equal(partition.OrderBy(entry => entry.BrokerTime).Select(entry => entry.Position), partition.Select(entry => entry.Position));
            Assert.All(partition, entry => Assert.Equal(partition.Key.Partition, UserPartition.Of(entry.Event!.UserId, 4)));
        }
    }

    [Fact]
    public void Read_Whole_HasDuplicatesDisorderAndNoEnd()
    {
        var log = Generate(Small).Log;
        var impressions = log.Where(entry => entry.Event is ImpressionEvent).Select(entry => (ImpressionEvent)entry.Event!).ToArray();
        Assert.InRange(impressions.Length - impressions.Distinct().Count(), 50, 150);
        Assert.Contains(log.Zip(log.Skip(1)), pair => pair.First.Event!.EventTime > pair.Second.Event!.EventTime + 500);
        Assert.DoesNotContain(log, entry => entry.Event is EndEvent);
        Assert.All(log, entry => Assert.True(entry.BrokerTime <= End && entry.Event!.EventTime <= entry.BrokerTime));
    }

    [Fact]
    public void OnTheirWay_AfterReading_HoldsWhatArrivesAfterTheEnd()
    {
        var (log, history) = Generate(Small);
        Assert.NotEmpty(history.OnTheirWay);
        Assert.All(history.OnTheirWay, arrival => Assert.True(arrival.Time > End));
        var seen = log.Select(entry => entry.Event!).Concat(history.OnTheirWay.Select(arrival => arrival.Event)).OfType<ImpressionEvent>().Distinct();
        Assert.Equal(Small.HistoryImpressions, seen.Count());
    }

    [Fact]
    public void Read_Outcomes_FollowTheirImpressionWithinTheWindow()
    {
        var log = Generate(Small).Log;
        var shown = log.Select(entry => entry.Event).OfType<ImpressionEvent>().DistinctBy(shown => (shown.RequestId, shown.ItemId))
            .ToDictionary(shown => (shown.RequestId, shown.ItemId), shown => shown.EventTime);
        var outcomes = log.Select(entry => entry.Event).OfType<OutcomeEvent>().Where(outcome => shown.ContainsKey((outcome.RequestId, outcome.ItemId))).ToArray();
        Assert.NotEmpty(outcomes);
        Assert.All(outcomes, outcome => Assert.InRange(outcome.EventTime - shown[(outcome.RequestId, outcome.ItemId)], 0, 15_000));
        Assert.Contains(outcomes, outcome => outcome.Name == "conversion");
    }

    private static (LogEntry[] Log, SimulatedHistory History) Generate(SimulationOptions options)
    {
        var world = SimulatedWorld.Create(options);
        var history = new SimulatedHistory(world, new SimulatedFeatures(world, Schema), 4, End);
        return ([.. history.Read()], history);
    }

    private static string Describe(LogEntry entry) => $"{entry.Position} {entry.BrokerTime} {entry.Event!.GetType().Name} {entry.Event.EventTime} {entry.Event.UserId}";
}
