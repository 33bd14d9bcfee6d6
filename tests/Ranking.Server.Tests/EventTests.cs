using Grpc.Core;
using Ranking.Contracts.V1;
using Ranking.Core;
using Ranking.Testing;
using FeatureColumn = Ranking.Contracts.V1.FeatureColumn;

namespace Ranking.Server.Tests;

public class EventTests(RedisServerFixture redis) : IClassFixture<RedisServerFixture>
{
    [Fact]
    public async Task Rank_Logged_WritesTheServedRecordWithFeaturesAsServed()
    {
        var events = new RecordedEvents();
        await using var server = await TestServer.Start(redis.Endpoint, events);
        await server.PutPrices(("a", 1), ("b", 3));
        var request = TestServer.Request("a", "b");
        request.Features.Add(new FeatureColumn { Name = "tab", Integers = new IntegerValues { Values = { 7 } } });
        request.Features.Add(new FeatureColumn { Name = "affinity", Numbers = new NumberValues { Values = { 0.5, 0.7 } } });
        request.Options = new RequestOptions { Objective = "value", Experiment = "blue" };

        var response = await server.Rank(request);

        var (topic, record) = Assert.Single(events.Records);
        var served = Assert.IsType<ServedEvent>(record);
        Assert.Equal((LogTopic.Served, "u", response.RequestId, "main", "v1"), (topic, served.UserId, served.RequestId, served.Model, served.Version));
        Assert.Equal(("blue", "deterministic", 2), (served.Experiment, served.PolicyId, served.Returned));
        Assert.Equal(["b", "a"], served.Items.Select(item => item.ItemId));
        Assert.Equal(["item_id=b", "price=3"], Show(served.Items[0].Features));
        Assert.Equal(["affinity=0.7"], Show(served.Items[0].PairFeatures));
        Assert.Equal(["user_id=u"], Show(served.UserFeatures));
        Assert.Equal(["tab=7"], Show(served.ContextFeatures));
        Assert.All(served.Items, item => Assert.Equal(1, item.Propensity));
    }

    [Fact]
    public async Task Rank_TopK_WritesASampleOfTheRestThatTheRequestIdDetermines()
    {
        var events = new RecordedEvents();
        await using var server = await TestServer.Start(redis.Endpoint, events, options => options with { RestSamplingRate = 0.25 });
        var request = TestServer.Request([.. Enumerable.Range(0, 1_000).Select(i => $"i{i}")]);
        (request.TopK, request.Options) = (10, new RequestOptions { RequestId = "r" });

        var response = await server.Rank(request);
        await server.Rank(request);

        ServedEvent[] served = [.. events.Records.Select(pair => (ServedEvent)pair.Record)];
        Assert.Equal((10, 10, 0.25f), (response.ItemIds.Count, served[0].Returned, served[0].RestSamplingRate));
        Assert.Equal(response.ItemIds, served[0].Items.Take(10).Select(item => item.ItemId));
        // 990 draws at a quarter: 247.5, give or take 4 standard deviations of 13.6.
        Assert.InRange(served[0].Items.Count - 10, 193, 302);
        Assert.Equal(served[0].Items.Select(item => item.ItemId), served[1].Items.Select(item => item.ItemId));
        Assert.Distinct(served[0].Items.Select(item => item.ItemId));
    }

    [Fact]
    public async Task Rank_LogFalseOrQueueFull_AnswersAndWritesNothing()
    {
        var events = new RecordedEvents();
        await using var server = await TestServer.Start(redis.Endpoint, events);
        await server.Rank(new RankRequest(TestServer.Request("a")) { Options = new RequestOptions { Log = false } });
        events.IsFull = true;
        await server.Rank(TestServer.Request("a"));

        Assert.Empty(events.Records);
        Assert.Contains("outcome=\"dropped\"", await server.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LogEvents_ImpressionAndOutcome_AreWritten()
    {
        var events = new RecordedEvents();
        await using var server = await TestServer.Start(redis.Endpoint, events);

        var response = await Log(server, Impression(), new LogRecord { EventTimeMs = 2, UserId = "u", Outcome = new Outcome { RequestId = "r", ItemId = "i", Name = "click" } });

        Assert.Equal(2u, response.Accepted);
        Assert.Equal([typeof(ImpressionEvent), typeof(OutcomeEvent)], events.Records.Select(pair => pair.Record.GetType()));
        Assert.All(events.Records, pair => Assert.Equal(LogTopic.Events, pair.Topic));
    }

    [Fact]
    public async Task LogEvents_WrongKindAndMissingId_NamesBothAndWritesNothing()
    {
        var events = new RecordedEvents();
        await using var server = await TestServer.Start(redis.Endpoint, events);

        var failure = await TestServer.Fails(() => Log(server, new LogRecord { EventTimeMs = 1, Heartbeat = new Heartbeat() }, new LogRecord { EventTimeMs = 1, Impression = new Impression() }));

        Assert.Equal(["events[0]", "events[1]"], failure.GetRpcStatus()!.GetDetail<Google.Rpc.BadRequest>()!.FieldViolations.Select(violation => violation.Field));
        Assert.Empty(events.Records);
    }

    [Fact]
    public async Task LogEvents_RecordThatNoMessageHolds_IsAViolation()
    {
        var events = new RecordedEvents();
        await using var server = await TestServer.Start(redis.Endpoint, events);
        var large = Impression();
        large.Impression.Split = new string('x', 1_000_000);

        var failure = await TestServer.Fails(() => Log(server, Impression(), large));

        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
        Assert.Equal("events[1]", Assert.Single(failure.GetRpcStatus()!.GetDetail<Google.Rpc.BadRequest>()!.FieldViolations).Field);
        Assert.Empty(events.Records);
    }

    [Fact]
    public async Task LogEvents_LogThatDoesNotAnswer_EndsAtTheDefaultDeadline()
    {
        await using var server = await TestServer.Start(redis.Endpoint, new RecordedEvents { IsStuck = true }, options => options with { DefaultDeadline = TimeSpan.FromMilliseconds(100) });

        Assert.Equal(StatusCode.DeadlineExceeded, (await TestServer.Fails(() => Log(server, Impression()))).StatusCode);
    }

    [Fact]
    public async Task LogEvents_NoLogOrLogDown_UnavailableWithTheReason()
    {
        await using var without = await TestServer.Start(redis.Endpoint);
        await using var down = await TestServer.Start(redis.Endpoint, new RecordedEvents { IsDown = true });

        var noLog = await TestServer.Fails(() => Log(without, Impression()));
        var gone = await TestServer.Fails(() => Log(down, Impression()));

        Assert.Equal((StatusCode.Unavailable, StatusCode.Unavailable), (noLog.StatusCode, gone.StatusCode));
        Assert.Contains("without Kafka", noLog.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("the broker is gone", gone.Status.Detail, StringComparison.Ordinal);
    }

    private static LogRecord Impression() => new() { EventTimeMs = 1, UserId = "u", Impression = new Impression { RequestId = "r", ItemId = "i" } };

    private static async Task<LogEventsResponse> Log(TestServer server, params LogRecord[] records) =>
        await server.Events.LogEventsAsync(new LogEventsRequest { Events = { records } }, cancellationToken: TestContext.Current.CancellationToken);

    private static List<string> Show(ReadOnlyMemory<byte> record)
    {
        var schema = TestModel.Spec("main").Schema;
        var shown = new List<string>();
        var reader = new FeatureRecordReader(record.Span);
        while (reader.Read())
        {
            var value = reader.Value;
            shown.Add($"{schema.Features[schema.SlotOf(reader.FeatureId)].Name}=" + reader.Type switch
            {
                FeatureValueType.Integer => $"{FeatureRecordReader.TakeInteger(ref value)}",
                FeatureValueType.Number => $"{BitConverter.ToDouble(value)}",
                _ => System.Text.Encoding.UTF8.GetString(FeatureRecordReader.TakeText(ref value)),
            });
        }

        return shown;
    }
}
