using Ranking.Configuration;
using Ranking.Streaming;
using Ranking.Testing;
using HistoryPosition = Ranking.Core.HistoryPosition;

namespace Ranking.Cli.Tests;

/// <summary>Statistics and sequences from a click in Kafka to a score over gRPC, and from what was served back to the log.</summary>
public sealed class StatisticsJourneyTests(KafkaFixture kafka, RedisServerFixture redis)
    : IClassFixture<KafkaFixture>, IClassFixture<RedisServerFixture>, IDisposable
{
    private const string Declared = """
        statistics:
          - {by: [user_id, item_id, author, user_id * category, user_id * tab], rate: [click / impression], over: [decay 1h, ever]}
          - {by: [user_id * item_id], count: [impression], since: [impression], over: [ever]}
          - {by: [user_id], last: [click / impression], length: 3}
          - {by: [user_id, item_id, author], logistic: [click / impression]}
        sequences:
          shown: {of: impression, last: 10, columns: [item_id, category, outcome, age]}

        """;

    private readonly TemporaryFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Job => folder.Combine("ranking.yaml");

    [Fact]
    public async Task Rank_WhileTheTrainerFollowsTheLog_IsToldOfClicksAndReplaysToTheBit()
    {
        var (job, log) = await PrepareAsync("journey", Declared);
        await using (var live = await LiveJob.StartAsync(job, log, redis.Endpoint))
        {
            await live.ShowAsync(Users[0], Items, clicked: null);
            await live.UntilThereIsHistoryAsync(Users[0], Items);
            var before = await live.CtrAsync(Users[0], Items);
            await PlayAsync(live, rounds: 60);
            await LiveJob.Until(async () => !(await live.CtrAsync(Users[0], Items)).SequenceEqual(before));
        }

        Assert.True(await ReplayAsync(job, log, "") > 40);
    }

    [Fact]
    public async Task Train_AfterARestart_WritesOnFromWhereTheStoreIs()
    {
        var (job, log) = await PrepareAsync("restart", Declared);
        for (var run = 0; run < 2; run++)
        {
            await using var live = await LiveJob.StartAsync(job, log, redis.Endpoint);
            await live.ShowAsync(Users[0], Items, clicked: null);
            await live.UntilThereIsHistoryAsync(Users[0], Items);
            await PlayAsync(live, rounds: 20);
        }

        Assert.True(await ReplayAsync(job, log, "") > 30);
    }

    [Fact]
    public async Task Train_WithANewStatisticWhileTheStreamRuns_HandsOverExactly()
    {
        var (old, log) = await PrepareAsync("handover", Declared);
        await using (var before = await LiveJob.StartAsync(old, log, redis.Endpoint, "before"))
        {
            await before.ShowAsync(Users[0], Items, clicked: null);
            await before.UntilThereIsHistoryAsync(Users[0], Items);
            await PlayAsync(before, rounds: 30);
            // The new job goes over the topics from their beginning, while the old one serves and writes on.
            var next = await DeclareAsync("  - {by: [item_id, category * tab], count: [click], since: [click], over: [sliding 1h]}\n");
            await using var after = await LiveJob.StartAsync(next, log, redis.Endpoint, "after");
            await PlayAsync(before, rounds: 20);
            await after.UntilThereIsHistoryAsync(Users[0], Items);
            await PlayAsync(before, rounds: 10);
            await PlayAsync(after, rounds: 30);
        }

        Assert.True(await ReplayAsync(old, log, "before") > 40);
        Assert.True(await ReplayAsync(JobFile.Load(Job), log, "after") > 20);
    }

    public void Dispose() => folder.Dispose();

    private async Task PlayAsync(LiveJob live, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            await Task.Delay(50, Token);
            await live.ShowAsync(Users[round % Users.Length], Items, clicked: round % 3 == 0 ? round % Items.Length : null);
        }
    }

    // Compares all that was served under a tag with the fold of the log; gives how many answers that were.
    private static async Task<int> ReplayAsync(JobSpec job, KafkaSettings log, string experiment)
    {
        using var topics = new KafkaTopics(log);
        await using var bounded = KafkaEventLog.Open(log, await topics.ReadStartAsync(), await topics.ReadEndAsync());
        using var replay = await HistoryReplay.FoldAsync(job, bounded, experiment, Token);
        Assert.Contains(replay.Served, answer => answer.UserHistory is not null && answer.Items.Any(item => item.History is not null));
        var positions = new HashSet<HistoryPosition>();
        foreach (var (served, expected) in replay.Expect())
        {
            positions.Add(served.AttributeHistory!.Value);
            Assert.Equal(expected.User, served.UserFeatures);
            Assert.Equal(expected.Context, served.ContextFeatures);
            foreach (var (i, item) in served.Items.Index())
            {
                Assert.Equal(expected.Items[i], item.Features);
                Assert.Equal(expected.Pairs[i], item.PairFeatures);
            }
        }

        Assert.True(positions.Count > 5, $"the answers were of {positions.Count} places of the log only");
        return replay.Served.Count;
    }

    // The job with one more statistic, and a version that knows it.
    private async Task<JobSpec> DeclareAsync(string line)
    {
        var text = await File.ReadAllTextAsync(Job, Token);
        text = text.Replace("sequences:\n", line + "sequences:\n", StringComparison.Ordinal).Replace("{path: store}", "{path: next/store}", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Job, text, Token);
        await TrainOnTheTableAsync();
        return JobFile.Load(Job);
    }

    private async Task TrainOnTheTableAsync()
    {
        await OkAsync("train", "--job", Job, "--threads", "1");
        Directory.Delete(JobFile.Load(Job).Store.Checkpoints, recursive: true);
    }

    // A job with a first version that was trained on a table, its profiles in Redis and its topics in Kafka.
    private async Task<(JobSpec Job, KafkaSettings Log)> PrepareAsync(string name, string declared)
    {
        var brokers = kafka.Bootstrap;
        await OkAsync("init", "--job", Job);
        var text = await File.ReadAllTextAsync(Job, Token);
        text = text.Replace("name: simulation", $"name: {name}\nnamespace: {name}", StringComparison.Ordinal)
            .Replace("tasks: #", declared + "tasks: #", StringComparison.Ordinal)
            .Replace("topics: {", $"topics: {{namespace: {name}, ", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Job, text, Token);
        await OkAsync("simulate", "--folder", folder.Combine("data"), "--impressions", "4000", "--end", CommandLine.HistoryEnd);
        await TrainOnTheTableAsync();
        await OkAsync("topics", "create", "--job", Job, "--kafka", brokers);
        await OkAsync("features", "load", "--job", Job, "--redis", redis.Endpoint);
        var job = JobFile.Load(Job);
        return (job, new KafkaSettings { BootstrapServers = brokers, Namespace = job.Topics.Namespace });
    }

    private string[] Users => field ??= [.. Ids("users.csv").Take(6)];

    private string[] Items => field ??= [.. Ids("items.csv").Take(12)];

    private IEnumerable<string> Ids(string table) => File.ReadLines(folder.Combine("data", table)).Skip(1).Select(line => line.Split(',')[0]);

    private static async Task OkAsync(params string[] args)
    {
        var (code, _, error) = await CommandLine.Run(args);
        Assert.True(code == ExitCode.Ok, $"{string.Join(' ', args)} ended with {code}: {error}");
    }
}
