using Ranking.Configuration;
using Ranking.Core;
using Ranking.FeatureStore;
using Ranking.Files;
using Ranking.Server;
using Ranking.Standalone;
using Ranking.Streaming;

namespace Ranking.Cli;

/// <summary>Everything that <c>standalone</c> runs on, in this process and in a folder of its own.</summary>
internal sealed class StandaloneParts : IAsyncDisposable
{
    private readonly DirectoryInfo folder;
    private readonly EmbeddedRedis redis;
    private readonly EmbeddedBroker broker;

    private StandaloneParts(DirectoryInfo folder, JobSpec job, SimulatedWorld world, EmbeddedRedis redis, EmbeddedBroker broker)
    {
        this.folder = folder;
        this.redis = redis;
        this.broker = broker;
        Job = job;
        World = world;
        Features = new SimulatedFeatures(world, job.Model.Schema);
        Redis = new RedisSettings { Endpoints = [redis.Endpoint], Namespace = job.Namespace, ReadTimeout = TimeSpan.FromMilliseconds(100) };
        Kafka = new KafkaSettings { BootstrapServers = broker.BootstrapServers, Namespace = job.Topics.Namespace };
        Publisher = new KafkaEventPublisher(Kafka);
    }

    /// <summary>The job.</summary>
    public JobSpec Job { get; }

    /// <summary>The simulated world.</summary>
    public SimulatedWorld World { get; }

    /// <summary>Its features.</summary>
    public SimulatedFeatures Features { get; }

    /// <summary>Where the embedded store is.</summary>
    public RedisSettings Redis { get; }

    /// <summary>Where the embedded broker is.</summary>
    public KafkaSettings Kafka { get; }

    /// <summary>Writes into the embedded broker.</summary>
    public KafkaEventPublisher Publisher { get; }

    /// <summary>Where the history's log stands.</summary>
    public string LogFolder => Path.Combine(folder.FullName, "log");

    /// <summary>Starts store and broker.</summary>
    public static StandaloneParts Start(SimulationOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("ranking-standalone-");
        var job = SimulationJob.LoadIn(folder.FullName);
        var kafka = new KafkaSettings { BootstrapServers = "localhost:1", Namespace = job.Topics.Namespace };
        var broker = EmbeddedBroker.Start([.. Enum.GetValues<LogTopic>().Select(kafka.TopicOf), kafka.DeadLetterTopic]);
        return new StandaloneParts(folder, job, SimulatedWorld.Create(options), EmbeddedRedis.Start(), broker);
    }

    /// <summary>Writes the users' and items' profiles into the store.</summary>
    public async Task LoadFeaturesAsync(CancellationToken cancellation)
    {
        await using var store = await RedisFeatureStore.OpenAsync(Redis);
        foreach (var chunk in Features.Profiles.Chunk(500))
        {
            await store.WriteAsync(chunk, cancellation);
        }
    }

    /// <summary>Writes the history as a log at rest.</summary>
    /// <param name="end">When it ends, Unix milliseconds.</param>
    /// <returns>What it leaves to the topics.</returns>
    public IReadOnlyList<Arrival> WriteHistory(long end)
    {
        var history = new SimulatedHistory(World, Features, EmbeddedBroker.Partitions, end);
        using var writer = new LogFileWriter(LogFolder, SimulationJob.Partitions);
        foreach (var entry in history.Read())
        {
            writer.Write(entry);
        }

        writer.Complete();
        return history.OnTheirWay;
    }

    /// <summary>Starts a server on free ports.</summary>
    public Task<RankingServer> StartServerAsync() => RankingServer.StartAsync(
        new ServerOptions
        {
            ModelStore = Job.Store.Path,
            Models = [Job.Model.Name],
            Redis = Redis,
            PollInterval = TimeSpan.FromMilliseconds(100),
            DrainDelay = TimeSpan.Zero,
            // All parts share the processors.
            SwapPatience = TimeSpan.Zero,
            // The trainer beside it compiles too, so that it would wait for longer than a first score may take.
            WarmUpLimit = TimeSpan.FromSeconds(5),
        },
        Publisher,
        quiet: true);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Publisher.DisposeAsync();
        broker.Dispose();
        redis.Dispose();
        folder.Delete(recursive: true);
    }
}
