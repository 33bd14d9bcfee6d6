using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using Ranking.Contracts.V1;
using Ranking.Testing;

namespace Ranking.Server.Tests;

public class ProcessTests(RedisServerFixture redis) : IClassFixture<RedisServerFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Main_SettingsInTheEnvironment_AnswersOverGrpcAndJsonAndListsItsServices()
    {
        await using var server = await ServerProcess.Start(redis.Endpoint);
        await TestServer.UntilAsync(async () =>
            (await new Health.HealthClient(server.Channel).CheckAsync(new HealthCheckRequest(), cancellationToken: Token)).Status == HealthCheckResponse.Types.ServingStatus.Serving);

        var answer = await new RankingService.RankingServiceClient(server.Channel).RankAsync(TestServer.Request("a", "b"), cancellationToken: Token);
        using var json = await server.Http.PostAsJsonAsync("/v1/rank", new { userId = "u", itemIds = new[] { "a", "b" } }, Token);
        var body = await json.Content.ReadFromJsonAsync<JsonObject>(Token);

        Assert.Equal(("main", "v1", 2), (answer.Model, answer.Version, answer.ItemIds.Count));
        Assert.Equal(0.25, answer.Scores[0], 1e-6);
        Assert.Equal(answer.Scores[0], body!["scores"]![0]!.GetValue<double>());
        Assert.Equal(
            ["grpc.health.v1.Health", "ranking.v1.EventService", "ranking.v1.FeatureService", "ranking.v1.ModelService", "ranking.v1.RankingService"],
            (await Services(server)).Where(name => !name.StartsWith("grpc.reflection", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Main_TerminatedWithARequestInFlight_IsNotReadyAndAnswersItAndEndsWithZero()
    {
        await using var server = await ServerProcess.Start(redis.Endpoint, ("Ranking__DrainDelay", "00:00:02"));
        await ChildProcess.Run("redis-cli", "-p", redis.Endpoint.Split(':')[1], "client", "pause", "4000", "all");

        // Waits for Redis, which is paused until the server has long begun to stop.
        var inFlight = new RankingService.RankingServiceClient(server.Channel).RankAsync(TestServer.Request("a", "b"), cancellationToken: Token).ResponseAsync;
        await Task.Delay(200, Token);
        await server.Terminate();
        await TestServer.UntilAsync(async () => await server.Ready() == "draining");
        Assert.False(inFlight.IsCompleted);

        Assert.Equal(["a", "b"], (await inFlight).ItemIds);
        Assert.Equal(0, await server.ExitCode());
    }

    [Fact]
    public async Task Rank_CallerGivesUp_IsCancelledAndCountedAsSuch()
    {
        await using var server = await TestServer.Start(redis.Endpoint, change: options => options with { Redis = options.Redis with { ReadTimeout = TimeSpan.FromSeconds(10) } });
        // The first call takes longest, on a busy machine more than the caller's patience before the server has it.
        await server.Rank(TestServer.Request("b"));
        await ChildProcess.Run("redis-cli", "-p", redis.Endpoint.Split(':')[1], "client", "pause", "4000", "all");
        using var caller = new CancellationTokenSource(TimeSpan.FromSeconds(1));

        var failure = await TestServer.Fails(async () => await server.Ranking.RankAsync(TestServer.Request("a"), cancellationToken: caller.Token));

        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
        await TestServer.UntilAsync(async () =>
            (await server.Http.GetStringAsync("/metrics", Token)).Contains("outcome=\"Cancelled\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rank_LongerThanTheLimit_IsRefusedOverGrpcAndJson()
    {
        await using var server = await TestServer.Start(redis.Endpoint, change: options => options with { MaxMessageBytes = 8 * 1024, MaxCandidates = 500 });
        string[] fits = [.. Enumerable.Range(0, 80).Select(i => $"{i}".PadLeft(90, 'x'))];
        string[] tooMany = [.. Enumerable.Range(0, 100).Select(i => $"{i}".PadLeft(90, 'x'))];

        var answer = await server.Rank(TestServer.Request(fits));
        var failure = await TestServer.Fails(() => server.Rank(TestServer.Request(tooMany)));
        using var json = await server.Http.PostAsJsonAsync("/v1/rank", new { userId = "u", itemIds = tooMany }, Token);

        Assert.Equal(80, answer.ItemIds.Count);
        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
        Assert.InRange((int)json.StatusCode, 400, 499);
    }

    private static async Task<List<string>> Services(ServerProcess server)
    {
        using var call = new ServerReflection.ServerReflectionClient(server.Channel).ServerReflectionInfo(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" }, Token);
        await call.RequestStream.CompleteAsync();
        await call.ResponseStream.MoveNext(Token);
        return [.. call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name).Order()];
    }
}
