using System.Security.Cryptography;
using Ranking.Configuration;
using Ranking.Core;
using Ranking.Files;
using Ranking.Models;
using Ranking.Streaming;
using Ranking.Testing;

namespace Ranking.Cli.Tests;

/// <summary><c>ranking train --topics</c> as a process that is stopped by SIGTERM and started again, against a real broker.</summary>
public sealed class TrainProcessTests(KafkaFixture kafka) : IClassFixture<KafkaFixture>, IDisposable
{
    private const int Parts = 3;

    private readonly TemporaryFolder folder = new();

    private string Job => folder.Combine("ranking.yaml");

    private string Checkpoints => folder.Combine("checkpoints");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Train_TerminatedAndStartedAgain_GivesTheBytesOfAnUninterruptedRun()
    {
        var brokers = kafka.Bootstrap;
        await SimulateAsync();
        await OkAsync("topics", "create", "--job", Job, "--kafka", brokers);
        string[] train = ["train", "--job", Job, "--topics", "--kafka", brokers, "--threads", "1"];
        var job = JobFile.Load(Job);
        await using var log = TableEventLog.Open(job.Sources!, job.Model.Schema);
        await using var publisher = new KafkaEventPublisher(new KafkaSettings { BootstrapServers = brokers, Namespace = job.Topics.Namespace });
        for (var part = 0; part < Parts - 1; part++)
        {
            await AppendAsync(publisher, log, part);
            using var stopped = RankingProcess.Start(train);
            // The log has no end yet: training cannot be done before the signal.
            await stopped.UntilAsync(() => stopped.Error.Contains("learned", StringComparison.Ordinal));
            await stopped.Signal("TERM");
            await stopped.EndsWithAsync(ExitCode.Ok);
            Assert.Contains("stopped", stopped.Error, StringComparison.Ordinal);
            Assert.NotEmpty(new FolderModelStore(job.Store.Path).Versions(job.Model.Name));
            Assert.Equal(part + 1, Directory.EnumerateFiles(Checkpoints, "checkpoint.json", SearchOption.AllDirectories).Count());
        }

        await AppendAsync(publisher, log, Parts - 1);
        using (var last = RankingProcess.Start(train))
        {
            await last.EndsWithAsync(ExitCode.Ok);
        }

        var interrupted = TakeVersions();
        await OkAsync(train);
        Assert.NotEmpty(interrupted);
        // The run's number is part of a version's name: a run that had begun anew would have another.
        Assert.Equal(interrupted, TakeVersions());
    }

    public void Dispose() => folder.Dispose();

    private static async Task OkAsync(params string[] args)
    {
        var (code, _, error) = await CommandLine.Run(args);
        Assert.True(code == ExitCode.Ok, $"{string.Join(' ', args)} ended with {code}: {error}");
    }

    // Heartbeats of the clock would move time in the topics past the parts that are still to come.
    private async Task SimulateAsync()
    {
        await OkAsync("init", "--job", Job);
        var text = await File.ReadAllTextAsync(Job, Token);
        text = text.Replace("topics: {", "join: {heartbeats: producer}\ntopics: {namespace: terminated, ", StringComparison.Ordinal)
            .Replace("store: {", "store: {keep: 100, ", StringComparison.Ordinal)
            .Replace("batch_size: 512", "batch_size: 128\n  fit_transforms_on: 1000", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Job, text, Token);
        await OkAsync("simulate", "--folder", folder.Combine("data"), "--impressions", "6000", "--end", CommandLine.HistoryEnd);
    }

    // A part of each partition of events; then time moves on in the topic of served records, which has none.
    private static async Task AppendAsync(KafkaEventPublisher publisher, TableEventLog log, int part)
    {
        var through = 0L;
        foreach (var partition in log.Partitions.OrderByDescending(partition => partition.Topic == LogTopic.Events))
        {
            var entries = log.Read(partition).ToArray();
            var some = entries[(entries.Length * part / Parts)..(entries.Length * (part + 1) / Parts)].Select(entry => entry.Event!).ToArray();
            through = some.Select(record => record.EventTime).Append(through).Max();
            await publisher.AppendAsync([.. some.DefaultIfEmpty(new HeartbeatEvent(through)).Select(record => (partition, record))], Token);
        }
    }

    private string[] TakeVersions()
    {
        var store = folder.Combine("store");
        string[] files =
        [
            .. Directory.EnumerateFiles(store, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Select(file => $"{Path.GetRelativePath(store, file)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}"),
        ];
        Directory.Delete(store, recursive: true);
        Directory.Delete(Checkpoints, recursive: true);
        return files;
    }
}
