using System.Collections.Concurrent;
using System.Globalization;
using Grpc.Core;
using Ranking.Contracts.V1;
using Ranking.Testing;

namespace Ranking.Server.Tests;

public class SwapTests(RedisServerFixture redis) : IClassFixture<RedisServerFixture>
{
    private const int LeastVersions = 6;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Swap_UnderOpenLoopLoad_NoErrorAndEveryAnswerFromOneVersion()
    {
        await using var server = await TestServer.Start(redis.Endpoint);
        var (duration, every) = (Soak.Choose(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60)), Soak.Choose(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)));
        var faults = new ConcurrentQueue<string>();
        var versions = new ConcurrentDictionary<string, int>();
        var sent = new ConcurrentBag<Task>();
        var start = TimeProvider.System.GetTimestamp();
        long baseline = 0;
        using var clock = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        var published = 1;
        // A busy machine needs longer for as many.
        while (TimeProvider.System.GetElapsedTime(start) is var now && (now < duration || (versions.Count < LeastVersions && now < 6 * duration)))
        {
            await clock.WaitForNextTickAsync(Token);
            sent.Add(Send());
            if (now > every * published)
            {
                var version = ++published;
                var ctr = version / 1000.0;
                TestModel.Publish(server.Store, "main", $"v{version}", ctr);
                baseline = version == 3 ? GC.GetTotalMemory(forceFullCollection: true) : baseline;
            }
        }

        await Task.WhenAll(sent);
        var end = GC.GetTotalMemory(forceFullCollection: true);

        Assert.Empty(faults);
        Assert.True(versions.Count >= LeastVersions, $"only {versions.Count} versions answered");
        Assert.True(end - baseline < 32 << 20, $"memory went from {baseline} to {end} bytes over {published} versions");

        async Task Send()
        {
            try
            {
                var answer = await server.Rank(new RankRequest(TestServer.Request([.. Enumerable.Range(0, 50).Select(i => $"i{i}")])) { Options = new RequestOptions { Log = false } });
                versions.AddOrUpdate(answer.Version, 1, (_, count) => count + 1);
                var expected = answer.Version == "v1" ? 0.25 : int.Parse(answer.Version.AsSpan(1), CultureInfo.InvariantCulture) / 1000.0;
                if (answer.Scores.Any(score => Math.Abs(score - expected) > 1e-6) || answer.Tasks[0].Values.Any(value => Math.Abs(value - expected) > 1e-6))
                {
                    faults.Enqueue($"version {answer.Version} answered {answer.Scores[0]}, not {expected}");
                }
            }
            catch (RpcException failure)
            {
                faults.Enqueue(failure.Status.ToString());
            }
        }
    }

    [Fact]
    public async Task Poll_DamagedVersion_IsRefusedWithTheReasonAndTheServedOneStays()
    {
        await using var server = await TestServer.Start(redis.Endpoint);
        TestModel.Write(server.Store, "main", "v2", 0.75);
        var weights = Directory.GetFiles(Path.Combine(server.Store, "main", "v2"), "weights*").Single();
        var bytes = await File.ReadAllBytesAsync(weights, Token);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(weights, bytes, Token);
        new Ranking.Models.FolderModelStore(server.Store).Promote("main", "v2");

        await TestServer.Until(() => Status(server).Refused.Count > 0);

        var refused = Assert.Single(Status(server).Refused);
        Assert.Equal("v2", refused.Version);
        Assert.Contains("weights", refused.Reason, StringComparison.Ordinal);
        Assert.Equal("v1", (await server.Rank(TestServer.Request("a"))).Version);
    }

    [Fact]
    public async Task Poll_PointerBeforeItsVersion_IsFollowedWhenTheVersionIsThere()
    {
        await using var server = await TestServer.Start(redis.Endpoint);
        await File.WriteAllTextAsync(Path.Combine(server.Store, "main", "served"), "v2\n", Token);
        await Task.Delay(TimeSpan.FromMilliseconds(300), Token);
        TestModel.Write(server.Store, "main", "v2", 0.75);

        await TestServer.Until(() => Status(server).Version == "v2");
    }

    [Fact]
    public async Task Rank_PinnedVersions_AnswerBesideTheServedOne()
    {
        await using var server = await TestServer.Start(redis.Endpoint);
        for (var version = 2; version <= 5; version++)
        {
            TestModel.Write(server.Store, "main", $"v{version}", version / 10.0);
        }

        foreach (var version in new[] { 2, 3, 4, 5, 2 })
        {
            var answer = await server.Rank(new RankRequest(TestServer.Request("a")) { Options = new RequestOptions { Version = $"v{version}" } });
            Assert.Equal(($"v{version}", version / 10.0), (answer.Version, Math.Round(answer.Scores[0], 6)));
        }

        Assert.Equal("v1", (await server.Rank(TestServer.Request("a"))).Version);
    }

    [Fact]
    public async Task ServeVersion_PinAndFollowAgain_MovesBothWays()
    {
        await using var server = await TestServer.Start(redis.Endpoint);
        TestModel.Write(server.Store, "main", "v2", 0.5);

        var pinned = await server.Models.ServeVersionAsync(new ServeVersionRequest { Model = "main", Version = "v2" }, cancellationToken: Token);
        var followed = await server.Models.ServeVersionAsync(new ServeVersionRequest { Model = "main" }, cancellationToken: Token);

        Assert.Equal(("v2", true), (pinned.Model.Version, pinned.Model.Pinned));
        Assert.Equal(("v1", false), (followed.Model.Version, followed.Model.Pinned));
    }

    [Fact]
    public async Task Rank_TwoModels_EachItsOwnSlot()
    {
        await using var server = await TestServer.Start(redis.Endpoint, change: options =>
        {
            TestModel.Publish(options.ModelStore, "second", "w1", 0.75);
            return options with { Models = ["main", "second"], DefaultModel = "second" };
        });

        var second = await server.Rank(TestServer.Request("a"));
        var main = await server.Rank(new RankRequest(TestServer.Request("a")) { Options = new RequestOptions { Model = "main" } });

        Assert.Equal(("second", "w1", 0.75), (second.Model, second.Version, Math.Round(second.Scores[0], 6)));
        Assert.Equal(("main", "v1", 0.25), (main.Model, main.Version, Math.Round(main.Scores[0], 6)));
    }

    private static ModelStatus Status(TestServer server) =>
        server.Models.GetModel(new GetModelRequest { Model = "main" }, cancellationToken: Token).Model;
}
