using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Ranking.Testing;

namespace Ranking.Cli.Tests;

/// <summary>The commands against a real broker: what a user types from an empty folder to a trained version.</summary>
public sealed class KafkaJourneyTests(KafkaFixture kafka) : IClassFixture<KafkaFixture>, IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Job => folder.Combine("ranking.yaml");

    private string Log => folder.Combine("data/log");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Train_TableFromFilesAndFromTopics_GivesTheSameBytes(int epochs)
    {
        var brokers = kafka.Bootstrap;
        await SimulateAsync($"same{epochs}", epochs);
        await OkAsync("train", "--job", Job, "--threads", "1");
        var fromFiles = TakeVersions();
        await OkAsync("topics", "create", "--job", Job, "--kafka", brokers);
        var loaded = await OkAsync("events", "load", "--job", Job, "--kafka", brokers, "--output", "json");
        Assert.Contains("\"faulty\": 0", loaded, StringComparison.Ordinal);
        await OkAsync("train", "--job", Job, "--kafka", brokers, "--threads", "1");
        Assert.NotEmpty(fromFiles);
        Assert.Equal(fromFiles, TakeVersions());
    }

    /// <summary>Epochs on the first half, then predict and train; the report over what follows, from files and from topics.</summary>
    [Fact]
    public async Task EvaluateProgressive_FilesAndTopics_GiveTheSameReport()
    {
        var brokers = kafka.Bootstrap;
        await SimulateAsync("progressive", epochs: 2, impressions: 9_000);
        await GoOnlineAsync();
        string[] files = ["--predictions", folder.Combine("files.predictions"), "--threads", "1"];
        string[] judge = ["evaluate", "--job", Job, "--split", "test", "--slice-by", "day_hour,user_history", "--output", "json"];
        await OkAsync(["train", "--job", Job, .. files]);
        var report = await OkAsync([.. judge, "--progressive", files[1]]);
        await OkAsync("topics", "create", "--job", Job, "--kafka", brokers);
        await OkAsync("events", "load", "--job", Job, "--kafka", brokers);
        string[] topics = ["--predictions", folder.Combine("topics.predictions"), "--threads", "1"];
        TakeVersions();
        await OkAsync(["train", "--job", Job, "--kafka", brokers, .. topics]);

        Assert.Equal(report, await OkAsync([.. judge, "--kafka", brokers, "--progressive", topics[1]]));
        using var read = JsonDocument.Parse(report);
        Assert.True(read.RootElement.GetProperty("model").GetProperty("progressive").GetBoolean());
        Assert.Equal(3600, read.RootElement.GetProperty("data").GetProperty("impressions").GetInt32());
        Assert.Equal(["ctr", "cvr", "ctcvr"], read.RootElement.GetProperty("models")[0].GetProperty("outputs").EnumerateArray().Select(each => each.GetProperty("output").GetString()));
        Assert.Contains(read.RootElement.GetProperty("slices").EnumerateArray(), slice => slice.GetProperty("feature").GetString() == "user_history");
    }

    [Fact]
    public async Task EventExplain_FromTopics_TellsWhatTheFileTells()
    {
        var brokers = kafka.Bootstrap;
        await SimulateAsync("explain", epochs: 1);
        await OkAsync("topics", "create", "--job", Job, "--kafka", brokers);
        await OkAsync("events", "load", "--job", Job, "--log", Log, "--kafka", brokers);
        string[] question = ["event", "explain", "--job", Job, "--request", "h0", "--item", FirstItem(), "--output", "json"];
        Assert.Equal(await OkAsync([.. question, "--log", Log]), await OkAsync([.. question, "--kafka", brokers]));
    }

    [Fact]
    public async Task EventsLoad_NoTopics_SaysHowToMakeThem()
    {
        var brokers = kafka.Bootstrap;
        await SimulateAsync("absent", epochs: 1);
        var (code, _, error) = await CommandLine.Run("events", "load", "--job", Job, "--kafka", brokers);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("absent.events does not exist: create it with 'ranking topics create'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_EpochsOverLogAndTopics_IsRefused()
    {
        await SimulateAsync("both", epochs: 2);
        var (code, _, error) = await CommandLine.Run("train", "--job", Job, "--log", Log, "--kafka", kafka.Bootstrap);
        Assert.Equal(ExitCode.Wrong, code);
        Assert.Contains("training.epochs is 2", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TopicsCreate_NoBroker_IsUnreachableAndNamesTheAddress()
    {
        await OkAsync("init", "--job", Job);
        var nobody = $"127.0.0.1:{FreePort.Next()}";
        var (code, _, error) = await CommandLine.Run("topics", "create", "--job", Job, "--kafka", nobody);
        Assert.Equal(ExitCode.Unreachable, code);
        Assert.Contains(nobody, error, StringComparison.Ordinal);
        Assert.Contains("--kafka", error, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private static async Task<string> OkAsync(params string[] args)
    {
        var (code, output, error) = await CommandLine.Run(args);
        Assert.True(code == ExitCode.Ok, $"{string.Join(' ', args)} ended with {code}: {error}");
        return output;
    }

    // Topics of its own for each test: they share the broker.
    private async Task SimulateAsync(string topics, int epochs, int impressions = 3_000)
    {
        await OkAsync("init", "--job", Job);
        var text = await File.ReadAllTextAsync(Job, TestContext.Current.CancellationToken);
        text = text.Replace("topics: {", $"topics: {{namespace: {topics}, ", StringComparison.Ordinal)
            .Replace("training:\n", string.Create(CultureInfo.InvariantCulture, $"training:\n  epochs: {epochs}\n"), StringComparison.Ordinal);
        await File.WriteAllTextAsync(Job, text, TestContext.Current.CancellationToken);
        await OkAsync("simulate", "--folder", folder.Combine("data"), "--impressions", $"{impressions}", "--end", CommandLine.HistoryEnd);
    }

    // Gives the table a column of splits: half, a tenth, the rest.
    private async Task GoOnlineAsync()
    {
        var token = TestContext.Current.CancellationToken;
        var table = folder.Combine("data/log.csv");
        var lines = await File.ReadAllLinesAsync(table, token);
        await File.WriteAllLinesAsync(
            table, lines.Select((line, row) => row == 0 ? $"{line},split" : $"{line},{(row <= 4500 ? "train" : row <= 5400 ? "val" : "test")}"), token);
        var text = await File.ReadAllTextAsync(Job, token);
        text = text.Replace("    outcomes:", "    split: {column: split, train: [train], validate: [val], test: [test]}\n    outcomes:", StringComparison.Ordinal)
            .Replace("training:\n", "join: {heartbeats: producer}\ntraining:\n  online: {batch_size: 128, step_scale: 0.5}\n  gate_tolerance: 10\n", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Job, text, token);
    }

    private string FirstItem() => File.ReadLines(folder.Combine("data/log.csv")).ElementAt(1).Split(',')[1];

    // What the versions are made of, and a clean sheet for the next run; manifests differ in log positions.
    private string[] TakeVersions()
    {
        var store = folder.Combine("store");
        string[] files =
        [
            .. Directory.EnumerateFiles(store, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Where(file => Path.GetExtension(file) is ".safetensors" or ".bin" || Path.GetFileName(file) == "graph.json" || file.Contains("/embeddings/", StringComparison.Ordinal))
                .Select(file => $"{Path.GetRelativePath(store, file)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}"),
        ];
        Directory.Delete(store, recursive: true);
        Directory.Delete(folder.Combine("checkpoints"), recursive: true);
        return files;
    }
}
