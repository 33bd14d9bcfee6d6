using System.Diagnostics;
using System.Globalization;
using Ranking.Testing;

namespace Ranking.Benchmarks;

/// <summary>A server program, the real one as <c>build.sh bench</c> publishes it or its rival, alone on core 0.</summary>
internal sealed class RequestServer : IDisposable
{
    private const double TicksPerSecond = 100;

    // As the server's image has it; without it a collection stops all for up to 100 ms on a processor with a large cache.
    private const string SmallYoungestGeneration = "DOTNET_GCgen0size=0x400000";

    private readonly ChildProcess process;

    private RequestServer(ChildProcess process, int grpcPort, int httpPort, string log) => (this.process, GrpcPort, HttpPort, Log) = (process, grpcPort, httpPort, log);

    public int GrpcPort { get; }

    /// <summary>Where it has its metrics; 0 for the rival, which has none.</summary>
    public int HttpPort { get; }

    /// <summary>Where its output is, for a message.</summary>
    public string Log { get; }

    /// <summary>Seconds from its start until it was ready.</summary>
    public double ReadyAfter { get; private set; }

    /// <summary>Starts it and waits until it is ready.</summary>
    public static async Task<RequestServer> Start(string folder, string models, string model, int redisPort, CancellationToken cancellation, params string[] environment)
    {
        var program = Path.Combine(SharedFolder.RepositoryRoot, "artifacts", "server", "Ranking.Server");
        if (!File.Exists(program))
            throw new FileNotFoundException($"{program} is not there: './build.sh bench NAME' publishes it");
        var ports = FreePort.Next(2);
        var log = Path.Combine(folder, $"server-{ports[0]}.log");
        var started = Stopwatch.GetTimestamp();
        var process = ChildProcess.Start(log, "env",
        [
            $"Ranking__ModelStore={models}", $"Ranking__Models__0={model}", $"Ranking__Redis__Endpoints__0=127.0.0.1:{redisPort}",
            "Ranking__Redis__ReadTimeout=00:00:01", "Ranking__DefaultDeadline=00:00:30",
            $"Kestrel__Endpoints__Grpc__Url=http://127.0.0.1:{ports[0]}", $"Kestrel__Endpoints__Http__Url=http://127.0.0.1:{ports[1]}",
            SmallYoungestGeneration, .. environment, "taskset", "-c", "0", program,
        ]);
        var server = new RequestServer(process, ports[0], ports[1], log);
        try
        {
            await server.UntilReady(cancellation);
            server.ReadyAfter = Stopwatch.GetElapsedTime(started).TotalSeconds;
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Starts the rival and waits until it listens.</summary>
    public static async Task<RequestServer> StartPlain(string folder, string version, string onnx, int redisPort)
    {
        var port = FreePort.Next();
        var log = Path.Combine(folder, $"plain-{port}.log");
        var program = Path.Combine(AppContext.BaseDirectory, "Ranking.Benchmarks");
        var process = ChildProcess.Start(log, "env", [SmallYoungestGeneration, "taskset", "-c", "0", program, PlainServer.Verb, version, onnx, $"{port}", $"{redisPort}"]);
        await FreePort.WaitUntilOpen(port, TimeSpan.FromMinutes(1));
        return new RequestServer(process, port, 0, log);
    }

    /// <summary>Bytes that it has allocated on the managed heap, by its metrics.</summary>
    public Task<double> AllocatedBytes(CancellationToken cancellation) => Metric("dotnet_gc_heap_total_allocated_bytes_total", "", cancellation);

    /// <summary>Seconds of its scoring threads, by its metrics: for answers, and in vain.</summary>
    public async Task<(double Answered, double InVain)> ScoringSeconds(CancellationToken cancellation) =>
        (await Metric("ranking_scoring_time_seconds_total", "answered", cancellation), await Metric("ranking_scoring_time_seconds_total", "in_vain", cancellation));

    /// <summary>Candidates whose item was kept, and those for which it was computed, by its metrics.</summary>
    public async Task<(double Hits, double Misses)> ItemReads(CancellationToken cancellation) =>
        (await Metric("ranking_items_cached", "hit", cancellation), await Metric("ranking_items_cached", "miss", cancellation));

    /// <summary>Collections of the whole managed heap, by its metrics.</summary>
    public Task<double> FullCollections(CancellationToken cancellation) => Metric("dotnet_gc_collections_total", "gen2", cancellation);

    /// <summary>Waits until it serves a version.</summary>
    public async Task UntilServes(string version, CancellationToken cancellation)
    {
        using var http = new HttpClient();
        while (!(await http.GetStringAsync(new Uri($"http://127.0.0.1:{HttpPort}/metrics"), cancellation)).Contains($"version=\"{version}\"", StringComparison.Ordinal))
        {
            await Task.Delay(100, cancellation);
        }
    }

    /// <summary>Processor time that it has used, user and system.</summary>
    public double CpuSeconds()
    {
        // proc(5): after the name in parentheses, utime and stime are the 12th and 13th field, in ticks.
        var stat = File.ReadAllText($"/proc/{process.Id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[11..13].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    /// <summary>The most that it ever held of memory, its model's mapped files included.</summary>
    public double MostResidentMegabytes() =>
        KilobytesOf(File.ReadLines($"/proc/{process.Id}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))) / 1024;

    /// <summary>How much of the files below a folder it has mapped and touched.</summary>
    public double MappedMegabytes(string files)
    {
        // proc(5): the line of a mapping ends with its file, the lines below it give kB of this and that.
        var isOfFiles = false;
        var kilobytes = 0.0;
        foreach (var line in File.ReadLines($"/proc/{process.Id}/smaps"))
        {
            if (!line.Contains(" kB", StringComparison.Ordinal))
                isOfFiles = line.Contains(files, StringComparison.Ordinal);
            else if (isOfFiles && line.StartsWith("Rss:", StringComparison.Ordinal))
                kilobytes += KilobytesOf(line);
        }

        return kilobytes / 1024;
    }

    public void Dispose() => process.Dispose();

    // "Rss:    1024 kB"
    private static double KilobytesOf(string line) => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);

    private async Task<double> Metric(string name, string label, CancellationToken cancellation)
    {
        using var http = new HttpClient();
        var metrics = await http.GetStringAsync(new Uri($"http://127.0.0.1:{HttpPort}/metrics"), cancellation);
        // A counter that nothing was counted in is not there.
        var line = metrics.Split('\n').SingleOrDefault(line => line.StartsWith(name, StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line.Split('}')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);
    }

    private async Task UntilReady(CancellationToken cancellation)
    {
        await FreePort.WaitUntilOpen(HttpPort, TimeSpan.FromMinutes(1));
        using var http = new HttpClient();
        for (var attempt = 0; attempt < 600; attempt++)
        {
            using var response = await http.GetAsync(new Uri($"http://127.0.0.1:{HttpPort}/readyz"), cancellation);
            if (response.IsSuccessStatusCode)
                return;
            await Task.Delay(100, cancellation);
        }

        throw new TimeoutException($"the server is not ready after a minute: {await File.ReadAllTextAsync(Log, cancellation)}");
    }
}
