using System.Globalization;
using Ranking.Models;
using Ranking.Testing;

namespace Ranking.Benchmarks;

/// <summary>What requests are measured with: a Redis with profiles and the load on core 1, requests in a file, and servers on core 0.</summary>
internal sealed class RequestSetting : IDisposable
{
    public const int Rows = 2_000_000;

    /// <summary>Latency is measured of all requests: none is refused where another program takes the processor for a while.</summary>
    public const string Patient = "Ranking__QueueLimit=00:01:00";

    /// <summary>Enough for all items that the requests name: warm is where all caches are.</summary>
    public const string AllItems = "Ranking__ItemCacheMegabytes=1500";

    private readonly TemporaryFolder folder = new();
    private ChildProcess? redis;

    private RequestSetting(PoissonLoad load) => Load = load;

    public PoissonLoad Load { get; }

    public string Requests => folder.Combine("requests.bin");

    public int RedisPort { get; } = FreePort.Next();

    public string Folder => folder.Path;

    /// <summary>Starts Redis and writes profiles and requests.</summary>
    public static async Task<RequestSetting> OpenAsync(Figures figures, CancellationToken cancellation)
    {
        var setting = new RequestSetting(new PoissonLoad(Require()));
        try
        {
            setting.redis = ChildProcess.Start(setting.folder.Combine("redis.log"), "taskset",
                ["-c", "1", "redis-server", "--bind", "127.0.0.1", "--port", $"{setting.RedisPort}", "--dir", setting.Folder, "--save", "", "--appendonly", "no"]);
            await FreePort.WaitUntilOpen(setting.RedisPort, TimeSpan.FromSeconds(20));
            await new RequestTraffic(new TrainingModelR(Rows)).WriteProfiles(setting.RedisPort, cancellation);
            figures.Add("candidates", RequestTraffic.Candidates);
            figures.Add("items", RequestTraffic.Items);
            figures.Add("distinct_items_drawn", RequestTraffic.WriteRequests(setting.Requests));
            return setting;
        }
        catch
        {
            setting.Dispose();
            throw;
        }
    }

    /// <summary>The load of the machine at the moment, told and given.</summary>
    public static double LoadAverage()
    {
        var line = File.ReadAllText("/proc/loadavg").Trim();
        Console.WriteLine($"load average {line}");
        return double.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture);
    }

    /// <summary>Starts a server on the models of a folder.</summary>
    public Task<RequestServer> Start(string models, TrainingModelR model, CancellationToken cancellation, params string[] environment) =>
        RequestServer.Start(Folder, models, model.Spec.Name, RedisPort, cancellation, environment);

    /// <summary>The folder of what is served in a store.</summary>
    public static string ServedFolder(string models, TrainingModelR model)
    {
        var store = new FolderModelStore(models);
        return store.FolderOf(model.Spec.Name, store.Served(model.Spec.Name)!);
    }

    public void Dispose()
    {
        redis?.Dispose();
        folder.Dispose();
    }

    private static string Require()
    {
        foreach (var program in new[] { "redis-server", "taskset", "chrt" })
        {
            if (!ChildProcess.IsInstalled(program))
                throw new FileNotFoundException($"{program} is not installed ('./build.sh prepare' as root installs redis-server, util-linux has taskset and chrt)");
        }

        if (Environment.ProcessorCount < 2)
            throw new PlatformNotSupportedException("the server and its load need a core each: this machine has one");
        return SharedFolder.TryFind("bin", "poisson-load")
            ?? throw new FileNotFoundException("shared/bin/poisson-load is not on this machine (set RANKING_SHARED to the folder that holds it)");
    }
}
