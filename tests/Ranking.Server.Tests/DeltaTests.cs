using System.Collections.Concurrent;
using Ranking.Contracts.V1;
using Ranking.Testing;

namespace Ranking.Server.Tests;

public class DeltaTests(RedisServerFixture redis) : IClassFixture<RedisServerFixture>
{
    private const string Full = "full";
    private const string NewItem = "new";
    private static readonly string[] Items = [TestModel.KnownItem, "other", NewItem];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Poll_Delta_ChangesTheScoresOfItsItemsAlone()
    {
        await using var server = await Start();
        var before = await Score(server);
        TestModel.PublishDelta(server.Store, "main", Full, "delta", (TestModel.KnownItem, 0.5f), (NewItem, -0.75f));
        await UntilServes(server, "delta");

        var after = await Score(server);

        Assert.NotEqual(before.Scores[0], after.Scores[0]);
        Assert.Equal(before.Scores[1], after.Scores[1]);
        Assert.NotEqual(before.Scores[2], after.Scores[2]);
        Assert.Equal([false, true, true], Unknown(before));
        Assert.Equal([false, true, false], Unknown(after));
    }

    [Fact]
    public async Task Start_OnADelta_ScoresAsAServerThatCameToIt()
    {
        await using var server = await Start();
        TestModel.PublishDelta(server.Store, "main", Full, "first", (TestModel.KnownItem, 0.5f));
        await UntilServes(server, "first");
        await Score(server);
        TestModel.PublishDelta(server.Store, "main", Full, "second", (TestModel.KnownItem, 0.25f), (NewItem, 1));
        await UntilServes(server, "second");

        await using var fresh = await TestServer.Start(redis.Endpoint, publish: false, change: options => options with { ModelStore = server.Store });
        await UntilServes(fresh, "second");

        Assert.Equal((await Score(server)).Scores, (await Score(fresh)).Scores);
        Assert.Equal((await Score(server, "first")).Scores, (await Score(fresh, "first")).Scores);
    }

    [Fact]
    public async Task Poll_DeltaUnderLoad_EveryAnswerIsFromOneVersion()
    {
        await using var server = await Start();
        var answers = new ConcurrentBag<(string Version, double Known, double Other)>();
        var isOver = false;
        var callers = Enumerable.Range(0, 4).Select(_ => Task.Run(Ask, Token)).ToArray();
        for (var delta = 1; delta <= 20; delta++)
        {
            TestModel.PublishDelta(server.Store, "main", Full, $"delta{delta}", (TestModel.KnownItem, delta / 8f));
            await UntilServes(server, $"delta{delta}");
            await Task.Delay(30, Token);
        }

        isOver = true;
        await Task.WhenAll(callers);

        Assert.InRange(answers.Select(answer => answer.Version).Distinct().Count(), 15, 21);
        Assert.Single(answers.Select(answer => answer.Other).Distinct());
        Assert.All(answers.GroupBy(answer => answer.Version), version => Assert.Single(version.Select(answer => answer.Known).Distinct()));
        Assert.Equal(answers.Select(answer => answer.Version).Distinct().Count(), answers.Select(answer => answer.Known).Distinct().Count());

        async Task Ask()
        {
            while (!Volatile.Read(ref isOver))
            {
                var answer = await Score(server);
                answers.Add((answer.Version, answer.Scores[0], answer.Scores[1]));
            }
        }
    }

    [Fact]
    public async Task Poll_DamagedDelta_IsRefusedWithTheReasonAndTheServedOneStays()
    {
        await using var server = await Start();
        TestModel.PublishDelta(server.Store, "main", Full, "delta", (TestModel.KnownItem, 0.5f));
        await UntilServes(server, "delta");
        new Models.FolderModelStore(server.Store).Promote("main", Full);
        await UntilServes(server, Full);
        var rows = Path.Combine(server.Store, "main", "delta", "embeddings", "item_id.rows");
        var bytes = await File.ReadAllBytesAsync(rows, Token);
        await File.WriteAllBytesAsync(rows, [.. bytes[..^1], (byte)(bytes[^1] ^ 1)], Token);

        new Models.FolderModelStore(server.Store).Promote("main", "delta");
        await TestServer.Until(() => Status(server).Refused.Count > 0);

        Assert.Contains("item_id.rows", Assert.Single(Status(server).Refused).Reason, StringComparison.Ordinal);
        Assert.Equal(Full, (await Score(server)).Version);
    }

    private async Task<TestServer> Start()
    {
        var server = await TestServer.Start(redis.Endpoint);
        TestModel.PublishDrawn(server.Store, "main", Full);
        await UntilServes(server, Full);
        return server;
    }

    private static Task<ScoreResponse> Score(TestServer server, string? version = null) => server.Score(new ScoreRequest
    {
        UserId = "u",
        ItemIds = { Items },
        Options = version is null ? null : new RequestOptions { Version = version },
    });

    private static Task UntilServes(TestServer server, string version) => TestServer.Until(() => Status(server).Version == version);

    private static ModelStatus Status(TestServer server) => server.Models.GetModel(new GetModelRequest { Model = "main" }, cancellationToken: Token).Model;

    private static IEnumerable<bool> Unknown(ScoreResponse response) => response.ItemFlags.Select(flags => (flags & (uint)ItemFlag.UnknownId) != 0);
}
