using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Grpc.Health.V1;
using Ranking.Contracts.V1;
using Ranking.Testing;
using FeatureColumn = Ranking.Contracts.V1.FeatureColumn;

namespace Ranking.Server.Tests;

public class HttpTests(RedisServerFixture redis) : IClassFixture<RedisServerFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rank_Json_AnswersAsGrpcDoes()
    {
        await using var server = await TestServer.Start(redis.Endpoint);
        await server.PutPrices(("a", 1), ("b", 3));

        using var response = await server.Http.PostAsJsonAsync("/v1/rank", new { userId = "u", itemIds = new[] { "a", "b" }, topK = 1, options = new { objective = "value" } }, Token);
        var body = await response.Content.ReadFromJsonAsync<JsonObject>(Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("b", Assert.Single(body!["itemIds"]!.AsArray())!.GetValue<string>());
        Assert.Equal("v1", body["version"]!.GetValue<string>());
    }

    [Fact]
    public async Task Rank_JsonWithoutUser_BadRequestNamesTheField()
    {
        await using var server = await TestServer.Start(redis.Endpoint);

        using var response = await server.Http.PostAsJsonAsync("/v1/rank", new { itemIds = new[] { "a" } }, Token);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("user_id", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenApi_Document_HasEveryRouteAndSaysWhatTheRequestIdIsFor()
    {
        await using var server = await TestServer.Start(redis.Endpoint);

        var document = JsonNode.Parse(await server.Http.GetStringAsync("/openapi/v1.json", Token))!;

        string[] routes = ["/v1/rank", "/v1/score", "/v1/models", "/v1/models/{model}", "/v1/models/{model}:serve", "/v1/features", "/v1/features/{entity}/{id}", "/v1/events"];
        Assert.Equal(routes.Order(), document["paths"]!.AsObject().Select(path => path.Key).Order());
        var response = document["components"]!["schemas"]!["RankResponse"]!;
        Assert.Contains("later events refer to this response", response["description"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("array", response["properties"]!["itemIds"]!["type"]!.GetValue<string>());
    }

    [Fact]
    public async Task Health_NoModelYet_NotReadyUntilOneIsWarm()
    {
        await using var server = await TestServer.Start(redis.Endpoint, publish: false);
        using var before = await server.Http.GetAsync("/readyz", Token);
        var unavailable = await TestServer.Fails(() => server.Rank(TestServer.Request("a")));

        TestModel.Publish(server.Store, "main", "v1", 0.5);
        await TestServer.Until(() => server.Server.IsReady);
        using var after = await server.Http.GetAsync("/readyz", Token);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (before.StatusCode, after.StatusCode));
        Assert.Equal(Grpc.Core.StatusCode.Unavailable, unavailable.StatusCode);
        Assert.Equal("alive", await server.Http.GetStringAsync("/healthz", Token));
        await TestServer.Until(() => server.Health.Check(new HealthCheckRequest(), cancellationToken: Token).Status == HealthCheckResponse.Types.ServingStatus.Serving);
    }

    [Fact]
    public async Task StopAsync_RequestsUnderWay_AreAnsweredAndReadinessEnds()
    {
        await using var server = await TestServer.Start(redis.Endpoint, change: options => options with { DrainDelay = TimeSpan.FromSeconds(1) });

        var stopping = server.Server.StopAsync();
        await Task.Delay(100, Token);
        using var ready = await server.Http.GetAsync("/readyz", Token);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => server.Rank(TestServer.Request("a", "b"))));
        await stopping;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.All(answers, answer => Assert.Equal(2, answer.ItemIds.Count));
        await Assert.ThrowsAsync<HttpRequestException>(() => server.Http.GetAsync("/readyz", Token));
    }

    [Fact]
    public async Task Features_PutAndGet_GiveBackEveryType()
    {
        await using var server = await TestServer.Start(redis.Endpoint);
        FeatureColumn[] columns =
        [
            new() { Name = "item_id", Texts = new TextValues { Values = { "a" } } },
            new() { Name = "price", Numbers = new NumberValues { Values = { 2.5 } } },
            new() { Name = "tags", Integers = new IntegerValues { Values = { 4, -5 } }, Lengths = { 2 } },
        ];
        await server.Features.PutFeaturesAsync(new PutFeaturesRequest { Entity = Entity.Item, Ids = { "a" }, Features = { columns } }, cancellationToken: Token);

        var found = await server.Features.GetFeaturesAsync(new GetFeaturesRequest { Entity = Entity.Item, Id = "a" }, cancellationToken: Token);
        var missing = await server.Features.GetFeaturesAsync(new GetFeaturesRequest { Entity = Entity.User, Id = "a" }, cancellationToken: Token);

        Assert.Equal(columns, found.Features);
        Assert.False(missing.Found);
    }

    [Fact]
    public async Task Metrics_AfterRequests_ShowModelOutcomeAndVersion()
    {
        await using var server = await TestServer.Start(redis.Endpoint);
        await server.Rank(TestServer.Request("a"));
        await TestServer.Fails(() => server.Rank(TestServer.Request()));

        var metrics = await server.Http.GetStringAsync("/metrics", Token);

        Assert.Contains("outcome=\"OK\"", metrics, StringComparison.Ordinal);
        Assert.Contains("outcome=\"InvalidArgument\"", metrics, StringComparison.Ordinal);
        Assert.Contains("version=\"v1\"", metrics, StringComparison.Ordinal);
        Assert.Contains("flag=\"NoFeatures\"", metrics, StringComparison.Ordinal);
        Assert.Contains("source=\"cache\"", metrics, StringComparison.Ordinal);
        Assert.Matches("ranking_items_cached\\{[^}]*result=\"miss\"\\} [1-9]", metrics);
    }
}
