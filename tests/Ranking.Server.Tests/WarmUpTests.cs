using Ranking.Contracts.V1;
using Ranking.Testing;

namespace Ranking.Server.Tests;

public class WarmUpTests(RedisServerFixture redis) : IClassFixture<RedisServerFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Readiness_ModelLoadedAndItsWireNotWarm_IsWarmingUpThenReady()
    {
        await using var server = await TestServer.Start(redis.Endpoint, publish: false, change: options => options with
        {
            Redis = options.Redis with { ReadTimeout = TimeSpan.FromSeconds(1) },
        });
        // Every read waits for its timeout: loading for two, the one turn that the limit leaves for one.
        await ChildProcess.Run("redis-cli", "-p", redis.Endpoint.Split(':')[1], "client", "pause", "5000", "all");
        TestModel.Publish(server.Store, "main", "v1", 0.5);

        await TestServer.UntilAsync(async () => await Ready(server) == "warming up");
        Assert.Equal("v1", (await server.Models.ListModelsAsync(new ListModelsRequest(), cancellationToken: Token)).Models[0].Version);
        Assert.False(server.Server.IsReady);

        await TestServer.UntilAsync(async () => await Ready(server) == "ready");
        Assert.True(server.Server.IsReady);
    }

    [Fact]
    public async Task WarmUp_WithALogAndAStore_WritesNothing()
    {
        var events = new RecordedEvents();
        var name = Guid.NewGuid().ToString("N");
        await using var server = await TestServer.Start(
            redis.Endpoint, events, options => options with { Redis = options.Redis with { Namespace = name } });

        Assert.Empty(events.Records);
        Assert.Equal("", (await ChildProcess.Run("redis-cli", "-p", redis.Endpoint.Split(':')[1], "keys", $"{name}:*")).Trim());
        await server.Rank(TestServer.Request("a"));
        Assert.Single(events.Records);
    }

    [Fact]
    public async Task Metrics_AfterTheWarmUp_CountRequestsOfOthersOnly()
    {
        // In a process of its own: servers of one process share their meters.
        await using var server = await ServerProcess.Start(redis.Endpoint);

        var before = await Metrics(server);
        await new RankingService.RankingServiceClient(server.Channel).RankAsync(TestServer.Request("a"), cancellationToken: Token);

        Assert.DoesNotContain("ranking_request_", before, StringComparison.Ordinal);
        Assert.DoesNotContain("ranking_items_flagged", before, StringComparison.Ordinal);
        // The exporter gives the same answer again for a moment.
        await TestServer.UntilAsync(async () => (await Metrics(server)).Contains("ranking_request_", StringComparison.Ordinal));
        Assert.Matches("ranking_request_duration_seconds_count\\{[^}]*\\} 1\n", await Metrics(server));
    }

    [Fact]
    public async Task WarmUp_ModelWithEveryKindOfFeatureAndTwoObjectives_SendsOnlyRequestsThatAreTaken()
    {
        await using var server = await TestServer.Start(redis.Endpoint);
        var options = new ServerOptions { MaxCandidates = 600 };
        var requests = Enumerable.Range(0, 8).Select(turn => WarmRequest.For("main", TestModel.Spec("main"), turn, 0, options)).ToArray();

        var answers = await Task.WhenAll(requests.Select(server.Rank));

        Assert.Equal(["ctr", "value"], answers.Select(answer => answer.Objective).Distinct().Order());
        Assert.Equal([64, 512], answers.Select(answer => answer.ItemIds.Count).Distinct().Order());
        Assert.All(answers.Index().Where(answer => answer.Index % 2 == 1), answer => Assert.DoesNotContain(double.NaN, answer.Item.Scores));
        Assert.All(requests, request => Assert.True(WarmRequest.IsOf(request.UserId)));
        Assert.False(WarmRequest.IsOf("warm"));
    }

    private static Task<string> Metrics(ServerProcess server) => server.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Token);

    private static async Task<string> Ready(TestServer server)
    {
        using var response = await server.Http.GetAsync("/readyz", Token);
        Assert.Equal(await response.Content.ReadAsStringAsync(Token) == "ready", response.IsSuccessStatusCode);
        return await response.Content.ReadAsStringAsync(Token);
    }
}
