using Grpc.Net.Client;
using Ranking.Configuration;
using Ranking.Contracts.V1;
using Ranking.Core;
using Ranking.FeatureStore;
using Ranking.Server;
using Ranking.Streaming;
using Ranking.Trainer;

namespace Ranking.Cli.Tests;

/// <summary>A server and a trainer of one job in this process, over real Kafka and real Redis.</summary>
internal sealed class LiveJob : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly RedisFeatureStore features;
    private readonly RankingServer server;
    private readonly Task training;
    private readonly KafkaEventPublisher events;
    private readonly GrpcChannel channel;
    private readonly RankingService.RankingServiceClient client;

    private readonly string experiment;

    private LiveJob(RedisFeatureStore features, RankingServer server, JobSpec job, KafkaSettings log, string experiment)
    {
        (this.features, this.server, this.experiment) = (features, server, experiment);
        events = new KafkaEventPublisher(log);
        channel = GrpcChannel.ForAddress($"http://127.0.0.1:{server.GrpcPort}");
        client = new RankingService.RankingServiceClient(channel);
        var options = new TrainerOptions { StoreFolder = job.Store.Path, CheckpointFolder = job.Store.Checkpoints, Threads = 1 };
        var trainer = new JobTraining(job, options, new TrainingSource { Topics = true, Kafka = log }, TimeProvider.System) { History = features.History };
        training = Task.Run(() => trainer.RunAsync(new Progress<TrainingStatus>(), _ => { }, stop.Token));
    }

    /// <param name="job">The job; its store has a version.</param>
    /// <param name="log">Its topics.</param>
    /// <param name="redis">Its Redis.</param>
    /// <param name="experiment">A tag that its served records carry.</param>
    public static async Task<LiveJob> StartAsync(JobSpec job, KafkaSettings log, string redis, string experiment = "")
    {
        var settings = new RedisSettings { Endpoints = [redis], Namespace = job.Namespace, ReadTimeout = TimeSpan.FromSeconds(5) };
        var options = new ServerOptions
        {
            // The load comes from the same processors.
            SwapPatience = TimeSpan.Zero,
            ModelStore = job.Store.Path,
            Models = [job.Model.Name],
            DefaultDeadline = TimeSpan.FromSeconds(20),
            DrainDelay = TimeSpan.FromMilliseconds(100),
            WarmUpLimit = TimeSpan.FromMilliseconds(100),
            RestSamplingRate = 1,
            Redis = settings,
            Kafka = log,
        };
        var live = new LiveJob(await RedisFeatureStore.OpenAsync(settings), await RankingServer.StartAsync(options, quiet: true), job, log, experiment);
        await Until(() => Task.FromResult(live.server.IsReady));
        return live;
    }

    public async Task<RankResponse> RankAsync(string user, IEnumerable<string> items) =>
        await client.RankAsync(new RankRequest { UserId = user, ItemIds = { items }, Options = new RequestOptions { Experiment = experiment } });

    /// <summary>Waits until what the trainer writes is read.</summary>
    public Task UntilThereIsHistoryAsync(string user, string[] items) => Until(async () => (await RankAsync(user, items)).Flags == 0);

    /// <summary>The CTR of each item, in their order.</summary>
    public async Task<float[]> CtrAsync(string user, string[] items)
    {
        var answer = await RankAsync(user, items);
        var ctr = answer.Tasks.First(task => task.Task == "ctr").Values;
        return [.. items.Select(item => ctr[answer.ItemIds.IndexOf(item)])];
    }

    /// <summary>Ranks items for a user, who sees the first three, and clicks one of them all where told so.</summary>
    public async Task ShowAsync(string user, string[] items, int? clicked)
    {
        var answer = await RankAsync(user, items);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var shown = answer.ItemIds.Take(3).Append(items[clicked ?? 0]).Distinct();
        List<LogEvent> records = [.. shown.Select((item, at) => new ImpressionEvent(now, user) { RequestId = answer.RequestId, ItemId = item, Position = at })];
        if (clicked is { } number)
        {
            records.Add(new OutcomeEvent(now + 1, user) { RequestId = answer.RequestId, ItemId = items[number], Name = "click" });
        }

        await events.PublishAsync(LogTopic.Events, records, CancellationToken.None);
    }

    public static async Task Until(Func<Task<bool>> condition)
    {
        var deadline = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(60);
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < deadline, "it did not come true within 60 s");
            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        await server.DisposeAsync();
        await events.DisposeAsync();
        await stop.CancelAsync();
        await training;
        await features.DisposeAsync();
        stop.Dispose();
    }
}
