using System.Globalization;
using Ranking.Contracts.V1;
using Ranking.Testing;

namespace Ranking.Server.Tests;

public sealed class AllocationTests(RedisServerFixture redis) : IClassFixture<RedisServerFixture>
{
    private const int Candidates = 500;
    private const int Requests = 200;
    private const int MostBytes = 64 * 1024;

    [Fact]
    public async Task Rank_FeaturesInTheCache_AllocatesLittleAndAlwaysTheSame()
    {
        await using var server = await ServerProcess.Start(redis.Endpoint);
        var ranking = new RankingService.RankingServiceClient(server.Channel);
        var request = TestServer.Request([.. Enumerable.Range(0, Candidates).Select(item => $"item-{item}")]);
        request.Options = new RequestOptions { Log = false };
        await new FeatureService.FeatureServiceClient(server.Channel).PutFeaturesAsync(new PutFeaturesRequest
        {
            Entity = Entity.Item,
            Ids = { request.ItemIds },
            Features =
            {
                new FeatureColumn { Name = "price", Numbers = new NumberValues { Values = { request.ItemIds.Select(_ => 1.0) } } },
                // With their ids, which would else be added for every request.
                new FeatureColumn { Name = "item_id", Texts = new TextValues { Values = { request.ItemIds } } },
            },
        }, cancellationToken: TestContext.Current.CancellationToken);
        await BytesOf(Requests);

        var (first, second) = (await BytesOf(Requests), await BytesOf(2 * Requests));

        Assert.InRange(first, 1, MostBytes);
        Assert.InRange(second / first, 0.9, 1.1);

        async Task<double> BytesOf(int requests)
        {
            var before = await Allocated(server);
            for (var number = 0; number < requests; number++)
            {
                await ranking.RankAsync(request, cancellationToken: TestContext.Current.CancellationToken);
            }

            return (await Allocated(server) - before) / requests;
        }
    }

    private static async Task<double> Allocated(ServerProcess server)
    {
        // What was said less than 300 ms ago is said again.
        await Task.Delay(TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken);
        var metrics = await server.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        var line = metrics.Split('\n').Single(line => line.StartsWith("dotnet_gc_heap_total_allocated_bytes_total", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
