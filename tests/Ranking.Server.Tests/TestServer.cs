using Grpc.Core;
using Grpc.Net.Client;
using Ranking.Contracts.V1;
using Ranking.Core;
using Ranking.FeatureStore;
using Ranking.Testing;

namespace Ranking.Server.Tests;

/// <summary>A server in this process on real sockets, over a model store of its own and a Redis.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly TemporaryFolder folder;
    private readonly GrpcChannel channel;

    private TestServer(TemporaryFolder folder, RankingServer server)
    {
        (this.folder, Server) = (folder, server);
        channel = GrpcChannel.ForAddress($"http://127.0.0.1:{server.GrpcPort}");
        Ranking = new RankingService.RankingServiceClient(channel);
        Models = new ModelService.ModelServiceClient(channel);
        Features = new FeatureService.FeatureServiceClient(channel);
        Events = new EventService.EventServiceClient(channel);
        Health = new Grpc.Health.V1.Health.HealthClient(channel);
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.HttpPort}") };
    }

    public RankingServer Server { get; }

    public RankingService.RankingServiceClient Ranking { get; }

    public ModelService.ModelServiceClient Models { get; }

    public FeatureService.FeatureServiceClient Features { get; }

    public EventService.EventServiceClient Events { get; }

    public Grpc.Health.V1.Health.HealthClient Health { get; }

    public HttpClient Http { get; }

    public string Store => folder.Path;

    /// <summary>Starts a server with model <c>main</c>, version <c>v1</c> (CTR 0.25), and waits until it is ready.</summary>
    public static async Task<TestServer> Start(string redis, IEventPublisher? events = null, Func<ServerOptions, ServerOptions>? change = null, bool publish = true)
    {
        var folder = new TemporaryFolder();
        if (publish)
        {
            TestModel.Publish(folder.Path, "main", "v1", 0.25);
        }

        var options = new ServerOptions
        {
            // The load comes from the same processors.
            SwapPatience = TimeSpan.Zero,
            ModelStore = folder.Path,
            Models = ["main"],
            PollInterval = TimeSpan.FromMilliseconds(50),
            DefaultDeadline = TimeSpan.FromSeconds(20),
            // Code that is not compiled yet takes long.
            QueueLimit = TimeSpan.FromMinutes(1),
            DrainDelay = TimeSpan.FromMilliseconds(300),
            WarmUpLimit = TimeSpan.FromMilliseconds(100),
            Redis = new RedisSettings { Endpoints = redis.Split(','), Namespace = Guid.NewGuid().ToString("N"), ReadTimeout = TimeSpan.FromSeconds(2) },
        };
        var started = new TestServer(folder, await RankingServer.StartAsync(change?.Invoke(options) ?? options, events, quiet: true));
        if (publish)
        {
            await Until(() => started.Server.IsReady);
        }

        return started;
    }

    public async Task PutPrices(params (string Item, double Price)[] prices) => await Features.PutFeaturesAsync(new PutFeaturesRequest
    {
        Entity = Entity.Item,
        Ids = { prices.Select(pair => pair.Item) },
        Features = { new Ranking.Contracts.V1.FeatureColumn { Name = "price", Numbers = new NumberValues { Values = { prices.Select(pair => pair.Price) } } } },
    });

    public async Task<RankResponse> Rank(RankRequest request) =>
        await Ranking.RankAsync(request, cancellationToken: TestContext.Current.CancellationToken);

    public async Task<ScoreResponse> Score(ScoreRequest request) =>
        await Ranking.ScoreAsync(request, cancellationToken: TestContext.Current.CancellationToken);

    public static RankRequest Request(params string[] items) => new() { UserId = "u", ItemIds = { items } };

    /// <summary>The status with which a call fails.</summary>
    public static async Task<RpcException> Fails(Func<Task> call) => await Assert.ThrowsAsync<RpcException>(call);

    public static Task Until(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var deadline = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(30);
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < deadline, "it did not come true within 30 s");
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        channel.Dispose();
        await Server.DisposeAsync();
        folder.Dispose();
    }
}
