using Ranking.Contracts.V1;
using Ranking.Core;
using Ranking.Streaming;
using Ranking.Testing;

namespace Ranking.Server.Tests;

public class KafkaTests(RedisServerFixture redis, KafkaFixture kafka) : IClassFixture<RedisServerFixture>, IClassFixture<KafkaFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Main_KafkaInTheEnvironment_ServedRecordAndEventsStandInTheTopics()
    {
        var settings = new KafkaSettings { BootstrapServers = kafka.Bootstrap, Namespace = "shop" };
        await kafka.CreateTopic(settings.TopicOf(LogTopic.Served), 2);
        await kafka.CreateTopic(settings.TopicOf(LogTopic.Events), 2);
        await using var server = await ServerProcess.Start(
            redis.Endpoint, ("Ranking__Kafka__BootstrapServers", kafka.Bootstrap), ("Ranking__Kafka__Namespace", "shop"), ("Ranking__RestSamplingRate", "1"));

        var request = TestServer.Request("a", "b", "c");
        request.TopK = 1;
        var answer = await new RankingService.RankingServiceClient(server.Channel).RankAsync(request, cancellationToken: Token);
        await new EventService.EventServiceClient(server.Channel).LogEventsAsync(new LogEventsRequest
        {
            Events =
            {
                new LogRecord { EventTimeMs = 1, UserId = "u", Impression = new Impression { RequestId = answer.RequestId, ItemId = "a" } },
                new LogRecord { EventTimeMs = 2, UserId = "u", Outcome = new Outcome { RequestId = answer.RequestId, ItemId = "a", Name = "click" } },
            },
        }, cancellationToken: Token);
        await server.Terminate();
        Assert.Equal(0, await server.ExitCode());

        var records = await Read(settings, 3);
        var served = Assert.Single(records.OfType<ServedEvent>());
        Assert.Equal((answer.RequestId, "main", "v1", 1), (served.RequestId, served.Model, served.Version, served.Returned));
        Assert.Equal(["a", "b", "c"], served.Items.Select(item => item.ItemId));
        Assert.Equal([(1, typeof(ImpressionEvent)), (2, typeof(OutcomeEvent))], records.Where(record => record is not ServedEvent).Select(record => (record.EventTime, record.GetType())));
    }

    [Fact]
    public async Task Metrics_KafkaGoneBeforeItTookARecord_CountTheRecordAsWaiting()
    {
        await using var log = new KafkaEventPublisher(new KafkaSettings { BootstrapServers = $"127.0.0.1:{FreePort.Next()}" });
        await using var server = await TestServer.Start(redis.Endpoint, log);
        await server.Rank(TestServer.Request("a"));

        var metrics = await server.Http.GetStringAsync("/metrics", Token);

        Assert.Contains("outcome=\"queued\"", metrics, StringComparison.Ordinal);
        Assert.Contains("ranking_log_failed", metrics, StringComparison.Ordinal);
        Assert.Contains("ranking_log_queued", metrics, StringComparison.Ordinal);
    }

    private static async Task<List<LogEvent>> Read(KafkaSettings settings, int count)
    {
        using var topics = new KafkaTopics(settings);
        await using var log = KafkaEventLog.Open(settings, await topics.ReadStartAsync());
        var records = new List<LogEvent>();
        await TestServer.UntilAsync(async () =>
        {
            records.AddRange((await log.ReadAsync(TimeSpan.FromMilliseconds(200), Token)).Select(entry => entry.Event!));
            return records.Count >= count;
        });
        return records;
    }
}
