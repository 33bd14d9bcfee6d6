using Microsoft.Extensions.Time.Testing;
using Ranking.Core;

namespace Ranking.Standalone.Tests;

public class LiveSimulationTests
{
    private static readonly SimulationOptions Small = new() { Users = 50, Items = 60, RequestsPerSecond = 20 };
    private readonly FakeTimeProvider clock = new(DateTimeOffset.UnixEpoch.AddDays(20_000));
    private readonly SimulatedWorld world = SimulatedWorld.Create(Small);
    private long takenIn;

    [Fact]
    public async Task RunAsync_ForThreeSeconds_AsksAndPublishesAtThePaceOfTheClock()
    {
        var server = new OracleServer(world, clock);
        var snapshot = await Run(server, TimeSpan.FromSeconds(3));
        Assert.InRange(snapshot.Requests, 40, 90);
        Assert.Equal(snapshot.Requests * Small.Shown, snapshot.Impressions);
        Assert.Equal(server.Published.Count, snapshot.Published);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        Assert.All(server.Published, record => Assert.True(record.Event.EventTime <= now && record.Topic == LogTopic.Events));
        Assert.Contains(server.Published, record => record.Event is OutcomeEvent { Name: "click" });
        Assert.All(server.Asked, request => Assert.True(request.ItemIds.Count == Small.Candidates && request.TopK == Small.Shown));
    }

    [Fact]
    public async Task RunAsync_TrainerFarBehind_Waits()
    {
        takenIn = -2_000;
        var server = new OracleServer(world, clock);
        var snapshot = await Run(server, TimeSpan.FromSeconds(2));
        Assert.Empty(server.Asked);
        Assert.True(snapshot.Waits > 0);
    }

    [Fact]
    public async Task RunAsync_RecordsOnTheirWay_ArePublishedWhenTheyArrive()
    {
        takenIn = -2_000;
        var server = new OracleServer(world, clock);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var impression = new ImpressionEvent(now - 100, "u1") { RequestId = "h1", ItemId = "i1" };
        await Run(server, TimeSpan.FromSeconds(1), [new Arrival(LogTopic.Events, impression, now + 500), new Arrival(LogTopic.Events, impression, now + 5_000)]);
        Assert.Equal([(LogTopic.Events, impression)], server.Published);
    }

    [Fact]
    public async Task RunAsync_NoAnswer_IsCountedAndShowsNothing()
    {
        var server = new OracleServer(world, clock) { IsDown = true };
        var snapshot = await Run(server, TimeSpan.FromSeconds(1));
        Assert.Equal(server.Asked.Count, snapshot.Unanswered);
        Assert.Empty(server.Published);
    }

    [Fact]
    public async Task MeasureAsync_ModelThatKnowsTheTruth_ReachesTheBest()
    {
        var result = await new ModelProbe(world, new OracleServer(world, clock), clock).MeasureAsync(20, TestContext.Current.CancellationToken);
        Assert.Equal(["ctr", "cvr", "ctcvr"], result.Tasks.Select(task => task.Name));
        Assert.All(result.Tasks, task => Assert.Equal(1, task.Share, 1e-4));
        Assert.All(result.Tasks, task => Assert.InRange(task.Best, 0.6, 0.9));
    }

    [Fact]
    public async Task MeasureAsync_ModelThatIsWrong_IsSeen()
    {
        var result = await new ModelProbe(world, new OracleServer(world, clock, inverted: true), clock).MeasureAsync(20, TestContext.Current.CancellationToken);
        Assert.All(result.Tasks, task => Assert.Equal(-1, task.Share, 1e-4));
    }

    private async Task<LiveSnapshot> Run(OracleServer server, TimeSpan time, IReadOnlyList<Arrival>? onTheirWay = null)
    {
        var live = new LiveSimulation(world, server, server, new LiveOptions { TakenIn = () => takenIn, MaxBacklog = 1_000, Clock = clock });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var run = live.RunAsync(onTheirWay ?? [], stop.Token);
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(10))
        {
            clock.Advance(TimeSpan.FromMilliseconds(10));
            // Lets the run's continuation come to its next wait.
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        return live.Statistics;
    }
}
