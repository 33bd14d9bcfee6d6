using System.Globalization;
using Ranking.Models;
using Ranking.Onnx;
using Ranking.Testing;

namespace Ranking.Benchmarks;

/// <summary>
/// Rank of 500 candidates over a real socket and a real Redis, open loop: the server alone on core 0, Redis and the load
/// on core 1; beside it, in the same run, a plain stack in its place. Warm is a server that has answered for a while; cold
/// one whose code is compiled and whose caches are empty.
/// </summary>
internal sealed class RequestLatency : Benchmark
{
    private const double WarmSeconds = 25;
    private const double ColdSeconds = 15;
    private const double OverloadSeconds = 12;
    private const double Overload = 3;
    private const int Rows = 2_000_000;

    // Latency is measured of all requests: none is refused where another program takes the processor for a while.
    private const string Patient = "Ranking__QueueLimit=00:01:00";

    // What a page has for its ranking, and some ten times what a request takes.
    private static readonly TimeSpan deadline = TimeSpan.FromMilliseconds(100);

    public override string Name => "request";

    public override string Description => "Rank of 500 candidates over a socket and Redis: against a plain stack, latency at 30 and 70 % of saturation, three times saturation";

    public override async Task Run(Figures figures, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var load = new PoissonLoad(Require());
        figures.Add("load_average_before", LoadAverage());
        using var folder = new TemporaryFolder();
        var redisPort = FreePort.Next();
        using var redis = ChildProcess.Start(folder.Combine("redis.log"), "taskset",
            ["-c", "1", "redis-server", "--bind", "127.0.0.1", "--port", $"{redisPort}", "--dir", folder.Path, "--save", "", "--appendonly", "no"]);
        await FreePort.WaitUntilOpen(redisPort, TimeSpan.FromSeconds(20));
        var large = new TrainingModelR(Rows);
        await new RequestTraffic(large).WriteProfiles(redisPort, cancellation);
        var requests = folder.Combine("requests.bin");
        figures.Add("candidates", RequestTraffic.Candidates);
        figures.Add("items", RequestTraffic.Items);
        figures.Add("distinct_items_drawn", RequestTraffic.WriteRequests(requests));

        await Measure(large, "", "request_vs_plain_fp32", all: true);
        await Measure(new TrainingModelR(Rows, experts: 4, expert: [64, 32]), "small_", "request_vs_plain_small", all: false);
        figures.Add("load_average_after", LoadAverage());

        async Task Measure(TrainingModelR model, string prefix, string ratio, bool all)
        {
            var models = folder.Combine($"{prefix}models");
            RequestModel.Publish(models, model);
            Task<RequestServer> Start(params string[] environment) => RequestServer.Start(folder.Path, models, model.Spec.Name, redisPort, cancellation, environment);
            var measured = new RequestFigures(figures, load, requests, cancellation);
            double own;
            using (var server = await Start(Patient))
            {
                var saturation = await measured.Saturation(server, prefix);
                own = await measured.Steady(server, $"{prefix}warm", saturation, 70, WarmSeconds);
                if (all)
                {
                    await measured.Steady(server, "warm", saturation, 30, WarmSeconds);
                    await measured.Constant(server, saturation, WarmSeconds);
                    await measured.Allocation(server, saturation, ColdSeconds);
                }
            }

            if (all)
            {
                using var server = await Start();
                await load.Run(server.GrpcPort, requests, measured.LastSaturation / 2, ColdSeconds);
                await measured.Overload(server, measured.LastSaturation, Overload, OverloadSeconds, deadline);
            }

            foreach (var percent in all ? new[] { 30, 70 } : [])
            {
                using var server = await Start(Patient);
                figures.Add($"cold_ready_seconds_before_{percent}", server.ReadyAfter);
                figures.Add($"cold_ready_cpu_seconds_before_{percent}", server.CpuSeconds());
                await measured.Steady(server, "cold", measured.LastSaturation, percent, ColdSeconds);
            }

            var store = new FolderModelStore(models);
            var version = store.FolderOf(model.Spec.Name, store.Served(model.Spec.Name)!);
            using (var artifact = ModelArtifact.Open(version))
            {
                OnnxModel.Write(artifact, folder.Combine($"{prefix}plain.onnx"));
            }

            using var plain = await RequestServer.StartPlain(folder.Path, version, folder.Combine($"{prefix}plain.onnx"), redisPort);
            var plainSaturation = await measured.Saturation(plain, $"{prefix}plain_");
            figures.Add(ratio, own / await measured.Steady(plain, $"{prefix}plain", plainSaturation, 70, WarmSeconds));
        }
    }

    private static string Require()
    {
        foreach (var program in new[] { "redis-server", "taskset" })
        {
            if (!ChildProcess.IsInstalled(program))
                throw new FileNotFoundException($"{program} is not installed ('./build.sh prepare' as root installs redis-server, util-linux has taskset)");
        }

        if (Environment.ProcessorCount < 2)
            throw new PlatformNotSupportedException("the server and its load need a core each: this machine has one");
        return SharedFolder.TryFind("bin", "poisson-load")
            ?? throw new FileNotFoundException("shared/bin/poisson-load is not on this machine (set RANKING_SHARED to the folder that holds it)");
    }

    private static double LoadAverage()
    {
        var line = File.ReadAllText("/proc/loadavg").Trim();
        Console.WriteLine($"load average {line}");
        return double.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture);
    }
}
