using System.Globalization;
using System.Text.RegularExpressions;
using Ranking.Configuration;
using Ranking.Core;
using Ranking.Files;
using Ranking.Streaming;
using Ranking.Testing;

namespace Ranking.Trainer.Tests;

public sealed partial class TrainerProgramTests(KafkaFixture kafka) : IClassFixture<KafkaFixture>, IDisposable
{
    private const string Job = """
        name: metrics
        sources:
          log:
            path: log.csv
            user: user
            item: item
            time: {column: time, unit: ms}
            split: {column: split, train: [train]}
            outcomes: {click: {when: click, after: 1000}}
        features:
          - {names: [user], scope: user}
          - {names: [item], scope: item}
        tasks: {ctr: {outcome: click, window: 10s}}
        model: {architecture: shared_bottom, bottom: [8]}
        objectives: {clicks: {formula: ctr}}
        training: {epochs: 2, batch_size: 64, embedding_learning_rate: 0.1, online: {batch_size: 32}}
        join: {heartbeats: producer}
        topics: {partitions: 2}
        store: {path: store}
        """;

    private readonly TemporaryFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_NoSuchJob_EndsWithTwo() =>
        Assert.Equal(2, await TrainerProgram.RunAsync([folder.Combine("none.yaml"), $"--urls=http://127.0.0.1:{FreePort.Next()}"]));

    [Fact]
    public async Task RunAsync_OnlineWithoutSplitOrSeam_EndsWithTwo()
    {
        WriteTable();
        File.WriteAllLines(folder.Combine("job.yaml"), Job.Split('\n').Where(line => !line.Contains("split:", StringComparison.Ordinal)));
        Assert.Equal(2, await TrainerProgram.RunAsync(
            [folder.Combine("job.yaml"), $"--urls=http://127.0.0.1:{FreePort.Next()}", "--Ranking:Trainer:Topics=false"]));
    }

    [Fact]
    public async Task RunAsync_TopicsThatGoOn_ShowsProgressiveMetricsByTask()
    {
        var brokers = kafka.Bootstrap;
        WriteTable();
        var job = JobFile.Load(folder.Combine("job.yaml"));
        var settings = new KafkaSettings { BootstrapServers = brokers, Namespace = job.Topics.Namespace };
        using var topics = new KafkaTopics(settings);
        await topics.CreateAsync(new TopicOptions { Partitions = 2 });
        await using var publisher = new KafkaEventPublisher(settings);
        var log = TableEventLog.Open(job.Sources!, job.Model.Schema);
        var entries = log.Partitions.SelectMany(partition => log.Read(partition).Select(entry => (partition, entry.Event!))).ToArray();
        var last = entries.Where(entry => entry.Item2 is not EndEvent).Max(entry => entry.Item2.EventTime);
        await publisher.AppendAsync([.. entries.Where(entry => entry.Item2 is not EndEvent)], Token);
        await publisher.AppendAsync([.. log.Partitions.Select(partition => (partition, (LogEvent)new HeartbeatEvent(last)))], Token);
        var url = $"http://127.0.0.1:{FreePort.Next()}";
        var program = Task.Run(() => TrainerProgram.RunAsync(
            [folder.Combine("job.yaml"), $"--urls={url}", $"--Ranking:Kafka:BootstrapServers={brokers}", "--Ranking:Trainer:Threads=1", $"--Ranking:Trainer:Predictions={folder.Combine("predictions")}"]), Token);

        var text = await MetricsAsync(url, program);
        await publisher.AppendAsync([.. entries.Where(entry => entry.Item2 is EndEvent)], Token);

        Assert.InRange(Value(AucLine().Match(text)), 0.6, 1);
        Assert.InRange(Value(LogLossLine().Match(text)), 0.1, 0.69);
        Assert.Equal(0, await program);
        Assert.Equal(500, new PredictionFile(folder.Combine("predictions")).Count);
    }

    public void Dispose() => folder.Dispose();

    private static async Task<string> MetricsAsync(string url, Task program)
    {
        using var client = new HttpClient();
        while (true)
        {
            Assert.False(program.IsCompleted, "the trainer has ended");
            try
            {
                var text = await client.GetStringAsync($"{url}/metrics", Token);
                // The status of the last examples stays: nothing comes after the heartbeats.
                if (JudgedLine().Match(text) is { Success: true } judged && Value(judged) > 400)
                {
                    return text;
                }
            }
            catch (HttpRequestException)
            {
                // The trainer is starting.
            }

            await Task.Delay(200, Token);
        }
    }

    private static double Value(Match match) => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("""^ranking_trainer_auc\{[^}]*output="ctr"[^}]*\} (\S+)""", RegexOptions.Multiline)]
    private static partial Regex AucLine();

    [GeneratedRegex("""^ranking_trainer_log_loss\w*\{[^}]*task="ctr"[^}]*\} (\S+)""", RegexOptions.Multiline)]
    private static partial Regex LogLossLine();

    [GeneratedRegex("""^ranking_trainer_judged\{[^}]*output="ctr"[^}]*\} (\S+)""", RegexOptions.Multiline)]
    private static partial Regex JudgedLine();

    private void WriteTable()
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 2_000).Select(row =>
        {
            var (user, item) = (random.Next(8), random.Next(10));
            var click = random.NextDouble() < ((user + item) % 2 == 0 ? 0.8 : 0.2) ? 1 : 0;
            return $"u{user},i{item},{1_700_000_000_000 + (row * 1000)},{click},{(row < 1_500 ? "train" : "live")}";
        });
        File.WriteAllLines(folder.Combine("log.csv"), rows.Prepend("user,item,time,click,split"));
        File.WriteAllText(folder.Combine("job.yaml"), Job);
    }
}
