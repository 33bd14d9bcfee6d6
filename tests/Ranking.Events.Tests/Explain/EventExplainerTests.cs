using Ranking.Core;

namespace Ranking.Events.Tests;

public sealed class EventExplainerTests
{
    private static readonly TaskSet Tasks = new(
    [
        new RankingTask { Name = "ctr", Outcome = "click", Window = TimeSpan.FromSeconds(10) },
        new RankingTask { Name = "long", Outcome = "click", Window = TimeSpan.FromSeconds(60), Lateness = TimeSpan.FromSeconds(5) },
    ]);

    [Fact]
    public async Task ExplainAsync_ImpressionAndItsRepeat_SayJoinedAndDuplicate()
    {
        var explained = await Explain(null, Log.OwnImpression(1_000, "r"), Log.OwnImpression(1_000, "r"), Log.Outcome(20_000, "r", "click"));
        Assert.Equal(["joined: it has its features and yields examples.", "duplicate of events/0@0."], explained.Records.Select(record => record.Text));
        Assert.Equal(["ctr", "long"], explained.Examples.Select(example => Assert.Single(example.Observed)));
        Assert.Equal(["", "long"], explained.Examples.Select(example => string.Join(",", example.Positive)));
    }

    [Fact]
    public async Task ExplainAsync_Outcomes_SayWhy()
    {
        Assert.Equal("joined: positive for long.", await ExplainClick(Log.OwnImpression(1_000, "r"), Log.Outcome(20_000, "r", "click")));
        Assert.Equal(
            "orphan: it happened 99000 ms after its impression, outside the windows ctr 00:00:10 late 00:00:00, long 00:01:00 late 00:00:05.",
            await ExplainClick(Log.OwnImpression(1_000, "r"), Log.Outcome(100_000, "r", "click")));
        Assert.Equal(
            "orphan: it came 70000 ms after the impression in order time, after the windows had closed (ctr 00:00:10 late 00:00:00, long 00:01:00 late 00:00:05).",
            await ExplainClick(Log.OwnImpression(1_000, "r"), Log.Impression(71_000, "other"), Log.Outcome(2_000, "r", "click")));
        Assert.Equal(
            "orphan: no impression of item 'i' for request 'r' came within 00:01:05 of it.",
            await ExplainClick(Log.OwnImpression(1_000, "other"), Log.Outcome(2_000, "r", "click")));
    }

    [Fact]
    public async Task ExplainAsync_EventTimeAhead_SaysDeadLetter()
    {
        var far = Log.Entry(Log.OwnImpression(1_000_000, "r"), 0, 0, brokerTime: 1_000);
        var explained = await EventExplainer.ExplainAsync(new ListLog([far], new EndEvent(0)), Tasks, new JoinSpec(), "r", "i", null, TestContext.Current.CancellationToken);
        Assert.StartsWith("dead letter: event_time_ms 1000000 lies 999000 ms after", Assert.Single(explained.Records).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ExplainAsync_LogThatGoesOn_SaysThatTheEventWaits(bool isBounded)
    {
        var impression = Log.Entry(Log.Impression(1_000, "r"), 0, 0);
        var explained = await EventExplainer.ExplainAsync(new ListLog([impression], isBounded ? EndEvent.OfReading : null), Tasks, new JoinSpec(), "r", "i", null, TestContext.Current.CancellationToken);
        Assert.Null(Assert.Single(explained.Records).Disposition);
        Assert.Empty(explained.Examples);
    }

    private static async Task<string> ExplainClick(params LogEvent[] records) =>
        Assert.Single((await Explain("click", records)).Records).Text;

    private static Task<EventExplanation> Explain(string? name, params LogEvent[] records) => EventExplainer.ExplainAsync(
        new ListLog([.. records.Select((record, offset) => Log.Entry(record, 0, offset))], new EndEvent(0)),
        Tasks,
        new JoinSpec(),
        "r",
        "i",
        name,
        TestContext.Current.CancellationToken);
}
