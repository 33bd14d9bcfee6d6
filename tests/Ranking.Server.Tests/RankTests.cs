using System.Diagnostics;
using Grpc.Core;
using Ranking.Contracts.V1;
using Ranking.Testing;
using FeatureColumn = Ranking.Contracts.V1.FeatureColumn;

namespace Ranking.Server.Tests;

public class RankTests(RedisServerFixture redis) : IClassFixture<RedisServerFixture>
{
    [Fact]
    public async Task Rank_FeaturesFromRedis_OrdersByTheObjective()
    {
        await using var server = await TestServer.Start(redis.Endpoint);
        await server.PutPrices(("a", 1), ("b", 3), ("c", 2));
        var request = TestServer.Request("a", "b", "c", "without");
        request.Options = new RequestOptions { Objective = "value", RequestId = "mine" };

        var response = await server.Rank(request);

        Assert.Equal(["b", "c", "a", "without"], response.ItemIds);
        Assert.Equal([0.75, 0.5, 0.25, double.NaN], response.Scores.Select(score => Math.Round(score, 6)));
        Assert.Equal(("mine", "main", "v1", "value"), (response.RequestId, response.Model, response.Version, response.Objective));
        Assert.Equal(["ctr", "cvr", "ctcvr"], response.Tasks.Select(task => task.Task));
        Assert.All(response.Tasks[2].Values, value => Assert.Equal(0.125f, value, 5));
        var unknown = (uint)ItemFlag.UnknownId;
        Assert.Equal([unknown, unknown, unknown, unknown | (uint)ItemFlag.NoFeatures | (uint)ItemFlag.NoScore], response.ItemFlags);
        Assert.Equal(((uint)RequestFlag.NoUserFeatures, 4u), (response.Flags, response.Scored));
    }

    [Fact]
    public async Task Rank_CalibratedByTab_AnswersWithCalibratedProbabilities()
    {
        await using var server = await TestServer.Start(redis.Endpoint);
        TestModel.PublishCalibrated(server.Store, "main", "v2", 0.25, doubledTab: "home");
        await TestServer.UntilAsync(async () => (await server.Rank(TestServer.Request("a"))).Version == "v2");

        async Task<float> CtrIn(string tab)
        {
            var request = TestServer.Request("a", "b");
            request.Features.Add(new FeatureColumn { Name = "tab", Texts = new TextValues { Values = { tab } } });
            return (await server.Rank(request)).Tasks[0].Values[1];
        }

        // Odds of 1 : 3 and, doubled, 2 : 3.
        Assert.Equal(0.25f, await CtrIn("search"), 5);
        Assert.Equal(0.4f, await CtrIn("home"), 5);
    }

    [Fact]
    public async Task Rank_TopK_ReturnsTheBest()
    {
        await using var server = await TestServer.Start(redis.Endpoint);
        var items = Enumerable.Range(0, 1_200).Select(i => $"i{i}").ToArray();
        await server.PutPrices([.. items.Select((item, i) => (item, (double)((i * 7919) % 1_200)))]);
        var request = TestServer.Request(items);
        request.TopK = 10;
        request.Options = new RequestOptions { Objective = "value", ObjectiveConstants = { ["boost"] = 4 } };

        var response = await server.Rank(request);

        Assert.Equal(Enumerable.Range(0, 10).Select(i => 1_199.0 - i), response.Scores.Select(score => Math.Round(score, 3)));
        Assert.All(response.Tasks, task => Assert.Equal(10, task.Values.Count));
    }

    [Fact]
    public async Task Score_OverridingFeatures_WinOverTheStore()
    {
        await using var server = await TestServer.Start(redis.Endpoint);
        await server.PutPrices(("a", 1), ("b", 3));
        var request = new ScoreRequest
        {
            UserId = "u",
            ItemIds = { "a", "b" },
            Features = { new FeatureColumn { Name = "price", Numbers = new NumberValues { Values = { 10 } }, Present = { true, false } } },
            Options = new RequestOptions { Objective = "value" },
        };

        var response = await server.Score(request);

        Assert.Equal([2.5, 0.75], response.Scores.Select(score => Math.Round(score, 6)));
    }

    [Fact]
    public async Task Rank_KnownItemWithoutFeatures_IsNoUnknownId()
    {
        await using var server = await TestServer.Start(redis.Endpoint);

        var response = await server.Score(new ScoreRequest { UserId = "u", ItemIds = { TestModel.KnownItem, "new" } });

        Assert.Equal([(uint)ItemFlag.NoFeatures, (uint)(ItemFlag.NoFeatures | ItemFlag.UnknownId)], response.ItemFlags);
    }

    [Fact]
    public async Task Rank_ManyFaults_NamesEach()
    {
        await using var server = await TestServer.Start(redis.Endpoint);
        var request = new RankRequest
        {
            ItemIds = { "a", "a", "" },
            TopK = 0,
            Features =
            {
                new FeatureColumn { Name = "nonsense" },
                new FeatureColumn { Name = "price", Texts = new TextValues { Values = { "x", "y", "z" } } },
                new FeatureColumn { Name = "affinity", Numbers = new NumberValues { Values = { 1, double.NaN } } },
                new FeatureColumn { Name = "tags", Texts = new TextValues { Values = { "x" } }, Lengths = { 1, 1, 1 } },
                new FeatureColumn { Name = "topics", Texts = new TextValues { Values = { "x" } }, Lengths = { 1 } },
            },
            Options = new RequestOptions { Objective = "value", ObjectiveConstants = { ["no"] = 1, ["boost"] = double.PositiveInfinity } },
        };

        var failure = await TestServer.Fails(async () => await server.Rank(request));

        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
        var fields = failure.GetRpcStatus()!.GetDetail<Google.Rpc.BadRequest>()!.FieldViolations.Select(violation => violation.Field).Order(StringComparer.Ordinal);
        Assert.Equal(
            [
                "features[0].name", "features[1].values", "features[2].numbers.values[1]", "features[2].values", "features[3].lengths",
                "features[4].weights", "item_ids[1]", "item_ids[2]", "options.objective_constants[boost]", "options.objective_constants[no]", "top_k", "user_id",
            ],
            fields);
    }

    [Theory]
    [InlineData(0, "item_ids")]
    [InlineData(2_001, "item_ids")]
    public async Task Rank_WrongNumberOfCandidates_InvalidArgument(int candidates, string field)
    {
        await using var server = await TestServer.Start(redis.Endpoint);

        var failure = await TestServer.Fails(async () => await server.Rank(TestServer.Request([.. Enumerable.Range(0, candidates).Select(i => $"{i}")])));

        Assert.Equal(field, Assert.Single(failure.GetRpcStatus()!.GetDetail<Google.Rpc.BadRequest>()!.FieldViolations).Field);
    }

    [Fact]
    public async Task Rank_UnknownModelVersionOrObjective_SaysSo()
    {
        await using var server = await TestServer.Start(redis.Endpoint);

        Assert.Equal(StatusCode.NotFound, (await Fails(new RequestOptions { Model = "other" })).StatusCode);
        Assert.Equal(StatusCode.NotFound, (await Fails(new RequestOptions { Version = "v9" })).StatusCode);
        Assert.Equal(StatusCode.InvalidArgument, (await Fails(new RequestOptions { Objective = "none" })).StatusCode);

        Task<RpcException> Fails(RequestOptions options) =>
            TestServer.Fails(async () => await server.Rank(new RankRequest(TestServer.Request("a")) { Options = options }));
    }

    [Fact]
    public async Task Rank_StoreSlowerThanTheDeadline_DeadlineExceededAtTheCallersOrTheDefault()
    {
        await using var own = new RedisServerFixture();
        await own.InitializeAsync();
        await using var server = await TestServer.Start(own.Endpoint, change: options => options with
        {
            DefaultDeadline = TimeSpan.FromMilliseconds(300),
            Redis = options.Redis with { CacheMegabytes = 0, ReadTimeout = TimeSpan.FromSeconds(10) },
        });
        await ChildProcess.Run("redis-cli", "-p", own.Endpoint.Split(':')[1], "client", "pause", "20000", "all");

        var byDefault = await Fails(deadline: null);
        var byCaller = await Fails(DateTime.UtcNow.AddMilliseconds(600));

        Assert.Equal((StatusCode.DeadlineExceeded, StatusCode.DeadlineExceeded), (byDefault.Status, byCaller.Status));
        Assert.InRange(byDefault.Elapsed.TotalMilliseconds, 250, 5_000);
        Assert.InRange(byCaller.Elapsed.TotalMilliseconds, 500, 5_000);

        async Task<(StatusCode Status, TimeSpan Elapsed)> Fails(DateTime? deadline)
        {
            var start = Stopwatch.GetTimestamp();
            var failure = await TestServer.Fails(async () => await server.Ranking.RankAsync(TestServer.Request("a"), deadline: deadline));
            return (failure.StatusCode, Stopwatch.GetElapsedTime(start));
        }
    }

    [Fact]
    public async Task Rank_RedisStopsInTheMiddle_AnswersWithFlags()
    {
        await using var own = new RedisServerFixture();
        await own.InitializeAsync();
        await using var server = await TestServer.Start(own.Endpoint, change: options => options with { Redis = options.Redis with { CacheMegabytes = 0 } });
        await server.PutPrices(("a", 1));
        Assert.Equal([(uint)ItemFlag.UnknownId], (await server.Rank(TestServer.Request("a"))).ItemFlags);

        own.Kill();
        var response = await server.Rank(TestServer.Request("a"));

        Assert.Equal((uint)RequestFlag.StoreUnavailable, response.Flags);
        Assert.Equal([(uint)(ItemFlag.StoreUnavailable | ItemFlag.UnknownId)], response.ItemFlags);
        Assert.Equal(0.25, response.Scores[0], 5);
    }
}
