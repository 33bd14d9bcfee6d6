using System.Globalization;
using Ranking.Testing;

namespace Ranking.Benchmarks;

/// <summary>
/// Rank of 500 candidates over a real socket and a real Redis, open loop: the server alone on core 0, Redis and the load
/// on core 1. Saturation is the highest rate, to 5 %, at which 99 % of the requests are answered within a second.
/// Warm is a server that has answered for a while; cold one whose code is compiled and whose caches are empty.
/// </summary>
internal sealed class RequestLatency : Benchmark
{
    private const double StepSeconds = 6;
    private const double WarmSeconds = 25;
    private const double ColdSeconds = 15;
    private const double LeastRate = 6;
    private const int TriesOnceFailed = 4;

    public override string Name => "request";

    public override string Description => "Rank of 500 candidates of model R over a socket and Redis: latency at 30 and 70 % of saturation";

    public override async Task Run(Figures figures, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var load = new PoissonLoad(Require());
        figures.Add("load_average_before", LoadAverage());
        using var folder = new TemporaryFolder();
        var model = new TrainingModelR(2_000_000);
        RequestModel.Publish(folder.Combine("models"), model);
        var redisPort = FreePort.Next();
        using var redis = ChildProcess.Start(folder.Combine("redis.log"), "taskset",
            ["-c", "1", "redis-server", "--bind", "127.0.0.1", "--port", $"{redisPort}", "--dir", folder.Path, "--save", "", "--appendonly", "no"]);
        await FreePort.WaitUntilOpen(redisPort, TimeSpan.FromSeconds(20));
        await new RequestTraffic(model).WriteProfiles(redisPort, cancellation);
        figures.Add("candidates", RequestTraffic.Candidates);
        figures.Add("items", RequestTraffic.Items);
        figures.Add("distinct_items_drawn", RequestTraffic.WriteRequests(folder.Combine("requests.bin")));

        double saturation;
        using (var server = await Start())
        {
            saturation = await Saturation(server, load, folder.Combine("requests.bin"), cancellation);
            figures.Add("saturation_requests_per_second", saturation);
            await Measure("warm", 70, server, WarmSeconds);
            await Measure("warm", 30, server, WarmSeconds);
        }

        foreach (var percent in new[] { 30, 70 })
        {
            using var server = await Start();
            figures.Add($"cold_ready_seconds_before_{percent}", server.ReadyAfter);
            figures.Add($"cold_ready_cpu_seconds_before_{percent}", server.CpuSeconds());
            await Measure("cold", percent, server, ColdSeconds);
        }

        figures.Add("load_average_after", LoadAverage());

        Task<RequestServer> Start() => RequestServer.Start(folder.Path, folder.Combine("models"), model.Spec.Name, redisPort, cancellation);

        async Task Measure(string caches, int percent, RequestServer server, double seconds)
        {
            cancellation.ThrowIfCancellationRequested();
            var cpu = server.CpuSeconds();
            var result = await load.Run(server.GrpcPort, folder.Combine("requests.bin"), saturation * percent / 100, seconds, deadline: null);
            if (result.Ok != result.Counted)
                throw new InvalidOperationException($"{result.Counted - result.Ok} of {result.Counted} requests failed at {percent} % of saturation; {server.Log}");
            figures.Add($"{caches}_p50_ms_at_{percent}", result.P50);
            figures.Add($"{caches}_p99_ms_at_{percent}", result.P99);
            figures.Add($"{caches}_requests_at_{percent}", result.Counted);
            figures.Add($"{caches}_sender_late_ms_at_{percent}", result.SenderLate);
            if (caches == "warm" && percent == 70)
                figures.Add("requests_per_cpu_second", result.Counted / (server.CpuSeconds() - cpu));
        }
    }

    // By factors of 1.5 until it is too much, then by halves of what lies between.
    private static async Task<double> Saturation(RequestServer server, PoissonLoad load, string requests, CancellationToken cancellation)
    {
        await load.Run(server.GrpcPort, requests, LeastRate, StepSeconds, deadline: null);
        var (held, failed, rate) = (0.0, 0.0, LeastRate);
        for (var tries = 0; tries < TriesOnceFailed; tries += failed > 0 ? 1 : 0)
        {
            cancellation.ThrowIfCancellationRequested();
            var result = await load.Run(server.GrpcPort, requests, rate, StepSeconds, deadline: TimeSpan.FromSeconds(1));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {rate:F1} requests/s: {result.Ok} of {result.Counted} within a second, p50 {result.P50:F1} ms, p99 {result.P99:F1} ms"));
            (held, failed) = result.Ok >= 0.99 * result.Counted ? (rate, failed) : (held, rate);
            if (held == 0)
                throw new InvalidOperationException($"the server does not hold {rate:F1} requests/s; {server.Log}");
            rate = failed == 0 ? held * 1.5 : Math.Sqrt(held * failed);
        }

        return held;
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
