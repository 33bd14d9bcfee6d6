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
        await using (var live = await LiveJob.StartAsync(job, log, redis.Endpoint, folder.Combine("store")))
        {
            var users = Ids("users.csv").Take(6).ToArray();
            var items = Ids("items.csv").Take(12).ToArray();
            await live.ShowAsync(users[0], items, clicked: null);
            await LiveJob.Until(async () => (await live.RankAsync(users[0], items)).Flags == 0);
            var before = await live.CtrAsync(users[0], items);
            for (var round = 0; round < 60; round++)
            {
                await Task.Delay(50, Token);
                await live.ShowAsync(users[round % users.Length], items, clicked: round % 3 == 0 ? round % items.Length : null);
            }

            await LiveJob.Until(async () => !(await live.CtrAsync(users[0], items)).SequenceEqual(before));
            await live.ShowAsync(users[1], items, clicked: 2);
            var answer = await live.RankAsync(users[1], items);
            Assert.Equal(0u, answer.Flags);
        }

        using var topics = new KafkaTopics(log);
        await using var bounded = KafkaEventLog.Open(log, await topics.ReadStartAsync(), await topics.ReadEndAsync());
        using var replay = await HistoryReplay.FoldAsync(job, bounded, Token);
        Assert.True(replay.Served.Count > 40, $"only {replay.Served.Count} answers were given with statistics");
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
    }

    public void Dispose() => folder.Dispose();

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
        await OkAsync("simulate", "--folder", folder.Combine("data"), "--impressions", "4000");
        await OkAsync("train", "--job", Job, "--threads", "1");
        Directory.Delete(folder.Combine("checkpoints"), recursive: true);
        await OkAsync("topics", "create", "--job", Job, "--kafka", brokers);
        await OkAsync("features", "load", "--job", Job, "--redis", redis.Endpoint);
        var job = JobFile.Load(Job);
        return (job, new KafkaSettings { BootstrapServers = brokers, Namespace = job.Topics.Namespace });
    }

    private IEnumerable<string> Ids(string table) => File.ReadLines(folder.Combine("data", table)).Skip(1).Select(line => line.Split(',')[0]);

    private static async Task OkAsync(params string[] args)
    {
        var (code, _, error) = await CommandLine.Run(args);
        Assert.True(code == ExitCode.Ok, $"{string.Join(' ', args)} ended with {code}: {error}");
    }
}
