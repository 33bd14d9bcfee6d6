using System.Net;
using System.Text;
using Grpc.Core;
using Ranking.Testing;

namespace Ranking.Server.Tests;

public sealed class OverloadTests(RedisServerFixture redis) : IClassFixture<RedisServerFixture>
{
    private const int Callers = 64;

    private static readonly string[] Items = [.. Enumerable.Range(0, 2_000).Select(item => $"item-{item}")];

    [Fact]
    public async Task Rank_MoreThanTheQueueTakes_RefusesAtOnceAndAnswersTheOthers()
    {
        await using var server = await TestServer.Start(redis.Endpoint, change: options => options with { QueueLimit = TimeSpan.FromMilliseconds(1) });
        await AnswerSome(server);

        var calls = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => StatusOf(server)));

        Assert.Contains(calls, status => status.StatusCode == StatusCode.OK);
        var refused = calls.Where(status => status.StatusCode != StatusCode.OK).ToArray();
        Assert.NotEmpty(refused);
        Assert.All(refused, status => Assert.Equal(StatusCode.ResourceExhausted, status.StatusCode));
        Assert.Contains("more than the server's QueueLimit of 1 ms: send it to another server, or later", refused[0].Detail);
        Assert.Equal(Items.Length, (await server.Rank(TestServer.Request(Items))).ItemIds.Count);
        Assert.Contains("ranking_requests_refused_total{otel_scope_name=\"Ranking.Server\",reason=\"Queue\"} ", await Metrics(server));
    }

    [Fact]
    public async Task Rank_MoreThanTheQueueTakesAsJson_Is429WithTheReason()
    {
        await using var server = await TestServer.Start(redis.Endpoint, change: options => options with { QueueLimit = TimeSpan.FromMilliseconds(1) });
        await AnswerSome(server);

        var answers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => PostAsync(server)));

        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.OK);
        var refused = answers.Where(answer => answer.Status != HttpStatusCode.OK).ToArray();
        Assert.NotEmpty(refused);
        Assert.All(refused, answer => Assert.Equal(HttpStatusCode.TooManyRequests, answer.Status));
        Assert.Contains("\"code\": 8", refused[0].Body);
        Assert.Contains("QueueLimit", refused[0].Body);
    }

    // What a request costs is known after some answers.
    private static async Task AnswerSome(TestServer server)
    {
        for (var answer = 0; answer < 32; answer++)
        {
            await server.Rank(TestServer.Request(Items));
        }
    }

    private static async Task<Status> StatusOf(TestServer server)
    {
        using var call = server.Ranking.RankAsync(TestServer.Request(Items), cancellationToken: TestContext.Current.CancellationToken);
        try
        {
            await call;
            return call.GetStatus();
        }
        catch (RpcException failure)
        {
            return failure.Status;
        }
    }

    private static async Task<(HttpStatusCode Status, string Body)> PostAsync(TestServer server)
    {
        using var content = new StringContent(Google.Protobuf.JsonFormatter.Default.Format(TestServer.Request(Items)), Encoding.UTF8, "application/json");
        using var answer = await server.Http.PostAsync(new Uri("/v1/rank", UriKind.Relative), content, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static Task<string> Metrics(TestServer server) => server.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
}
