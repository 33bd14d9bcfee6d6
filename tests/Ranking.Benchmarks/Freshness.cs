using System.Diagnostics;
using System.Globalization;
using Grpc.Net.Client;
using Ranking.Configuration;
using Ranking.Contracts.V1;
using Ranking.Core;
using Ranking.Events;
using Ranking.FeatureStore;
using Ranking.Files;
using Ranking.Streaming;
using Ranking.Testing;

namespace Ranking.Benchmarks;

/// <summary>
/// From a click that Kafka has acknowledged to another score over gRPC, by way of the trainer, a statistic and Redis: KuaiRand's
/// events in a real broker, a trainer and a server as programs of their own. No statistic here moves by itself, so a score that
/// is another one has heard of the click.
/// </summary>
internal sealed class Freshness : Benchmark
{
    private const string Job = """
        extends: BASE
        name: freshness
        statistics:
          - {by: [all, user_id, video_id, author_id, tag, user_id * author_id], rate: [click / impression], over: [ever]}
          - {by: [user_id], last: [click / impression], length: 5}
          - {by: [user_id, video_id, author_id, user_id * tag], logistic: [click / impression]}
        model: {architecture: mmoe, over: null}
        training: {epochs: 1, publish_every: 3650d}
        store: {path: store}
        """;

    private static readonly TimeSpan settle = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan look = TimeSpan.FromMilliseconds(5);

    public override string Name => "freshness";

    public override string Description => "seconds from a click that Kafka has to a changed score, by way of statistics, and Redis bytes a user and an item [clicks, 100]";

    public override async Task Run(Figures figures, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var clicks = arguments.Count > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 100;
        using var folder = new TemporaryFolder();
        await using var redis = new RedisServerFixture();
        await using var kafka = new KafkaFixture();
        await redis.InitializeAsync();
        await kafka.InitializeAsync();
        var path = folder.Combine("ranking.yaml");
        await File.WriteAllTextAsync(path, Job.Replace("BASE", Sample("kuairand.yaml"), StringComparison.Ordinal), cancellation);
        var job = JobFile.Load(path);
        Console.Error.WriteLine("  a first version, and the log in Kafka");
        await RankingAsync("train", "--job", path);
        Directory.Delete(job.Store.Checkpoints, recursive: true);
        await RankingAsync("topics", "create", "--job", path, "--kafka", kafka.Bootstrap);
        await RankingAsync("features", "load", "--job", path, "--redis", redis.Endpoint);
        var log = new KafkaSettings { BootstrapServers = kafka.Bootstrap, Namespace = job.Topics.Namespace };
        await LoadAsync(job, log, cancellation);
        var settings = new RedisSettings { Endpoints = [redis.Endpoint], Namespace = job.Namespace };
        using (ChildProcess.Start(folder.Combine("trainer.log"), Program, "train", "--job", path, "--kafka", kafka.Bootstrap, "--redis", redis.Endpoint))
        {
            await UntilCaughtUpAsync(job, settings, folder.Combine("trainer.log"), cancellation);
            using var server = await RequestServer.Start(folder.Path, job.Store.Path, job.Model.Name, redis.Ports[0], cancellation,
                $"Ranking__Redis__Namespace={job.Namespace}", $"Ranking__Kafka__BootstrapServers={kafka.Bootstrap}", $"Ranking__Kafka__Namespace={log.Namespace}");
            var waits = await ClickAsync(log, server.GrpcPort, clicks, cancellation);
            waits.Sort();
            figures.Add("freshness_p50_seconds", waits[waits.Count / 2]);
            figures.Add("freshness_p99_seconds", waits[(int)(0.99 * (waits.Count - 1))]);
            figures.Add("freshness_max_seconds", waits[^1]);
            figures.Add("clicks", waits.Count);
        }

        Console.Error.WriteLine("  the history of kuairand-signal.yaml in Redis");
        var signal = folder.Combine("signal.yaml");
        await File.WriteAllTextAsync(signal, $"extends: {Sample("kuairand-signal.yaml")}\ntraining: {{epochs: 2}}\nstore: {{path: signal/store}}\n", cancellation);
        await RankingAsync("train", "--job", signal, "--redis", redis.Endpoint);
        await MeasureAsync(figures, redis.Endpoint, JobFile.Load(signal).Namespace);
    }

    private static string Program => Path.Combine(SharedFolder.RepositoryRoot, "src", "Ranking.Cli", "bin", "Release", "net10.0", "ranking");

    private static string Sample(string name) => Path.Combine(SharedFolder.RepositoryRoot, "deploy", "samples", name);

    private static Task<string> RankingAsync(params string[] arguments) => ChildProcess.Run(Program, arguments);

    // As `events load` does, but for the end: this log goes on.
    private static async Task LoadAsync(JobSpec job, KafkaSettings log, CancellationToken cancellation)
    {
        await using var table = TableEventLog.Open(job.Sources!, job.Model.Schema);
        await using var events = new KafkaEventPublisher(log);
        while (!table.IsAtEnd && await table.ReadAsync(TimeSpan.FromSeconds(1), cancellation) is { Count: > 0 } read)
        {
            await events.AppendAsync([.. read.Where(entry => entry.Event is not EndEvent).Select(entry => (entry.Position.Partition, entry.Event!))], cancellation);
        }
    }

    // The last impressions of the table are settled once its head has passed them: heartbeats carry it to the present. What is
    // still on its way there would move the first scores.
    private static async Task UntilCaughtUpAsync(JobSpec job, RedisSettings settings, string trainerLog, CancellationToken cancellation)
    {
        await using var store = await RedisFeatureStore.OpenAsync(settings);
        var history = RequestHistory.NameOf(job.Model.Name, job.Model.Schema, job.Model.Statistics, job.Model.Sequences);
        var present = Now();
        for (var waited = 0; (await store.History.ReadHeadAsync(history, cancellation))?.Position.OrderTime is not { } reached || reached < present; waited++)
        {
            await Task.Delay(500, cancellation);
            if (waited > 600)
            {
                throw new TimeoutException($"the trainer did not come to the end of the log: {await File.ReadAllTextAsync(trainerLog, cancellation)}");
            }
        }
    }

    private static async Task<List<double>> ClickAsync(KafkaSettings log, int port, int clicks, CancellationToken cancellation)
    {
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        var client = new RankingService.RankingServiceClient(channel);
        await using var events = new KafkaEventPublisher(log);
        var waits = new List<double>();
        foreach (var row in Rows(clicks))
        {
            var (user, video) = (row[0], row[1]);
            var request = (await AskAsync(isLogged: true)).RequestId;
            await events.PublishAsync(LogTopic.Events, [new ImpressionEvent(Now(), user) { RequestId = request, ItemId = video, }], cancellation);
            await Task.Delay(settle, cancellation);
            var before = await ScoreAsync();
            await Task.Delay(settle / 4, cancellation);
            if (await ScoreAsync() != before)
            {
                throw new InvalidOperationException("a score has moved without a click: what was measured would not be the click.");
            }

            await events.PublishAsync(LogTopic.Events, [new OutcomeEvent(Now(), user) { RequestId = request, ItemId = video, Name = "click" }], cancellation);
            var acknowledged = Stopwatch.GetTimestamp();
            while (await ScoreAsync() == before)
            {
                await Task.Delay(look, cancellation);
            }

            waits.Add(Stopwatch.GetElapsedTime(acknowledged).TotalSeconds);

            async Task<ScoreResponse> AskAsync(bool isLogged) => await client.ScoreAsync(
                new ScoreRequest { UserId = user, ItemIds = { video }, Options = new RequestOptions { Log = isLogged } }, cancellationToken: cancellation);

            async Task<float> ScoreAsync() => (await AskAsync(isLogged: false)).Tasks.First(task => task.Task == "ctr").Values[0];
        }

        return waits;
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private static IEnumerable<string[]> Rows(int count)
    {
        var path = SharedFolder.TryFind("data", "kuairand", "log.csv.gz") ?? throw new FileNotFoundException("shared/data/kuairand/log.csv.gz is not on this machine: set RANKING_SHARED to the folder that holds it.");
        using var file = new System.IO.Compression.GZipStream(File.OpenRead(path), System.IO.Compression.CompressionMode.Decompress);
        using var reader = new StreamReader(file);
        var head = reader.ReadLine()!.Split(',');
        var (user, video) = (Array.IndexOf(head, "user_id"), Array.IndexOf(head, "video_id"));
        while (count-- > 0 && reader.ReadLine() is { } line)
        {
            var cells = line.Split(',');
            yield return [cells[user], cells[video]];
        }
    }

    private static async Task MeasureAsync(Figures figures, string endpoint, string keyspace)
    {
        await using var client = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(endpoint);
        var (database, server) = (client.GetDatabase(), client.GetServers()[0]);
        foreach (var (entity, letter) in new[] { ("user", "u"), ("item", "i") })
        {
            var keys = server.Keys(pattern: $"{keyspace}:{letter}:*:h:*", pageSize: 1_000).ToArray();
            var lengths = await Task.WhenAll(keys.Select(key => database.StringLengthAsync(key)));
            figures.Add($"redis_bytes_per_{entity}", lengths.Average());
            figures.Add($"redis_max_bytes_of_one_{entity}", lengths.Max());
            figures.Add($"redis_{entity}s", lengths.Length);
        }
    }
}
