using System.Diagnostics;
using System.Globalization;
using Ranking.Testing;

namespace Ranking.Benchmarks;

/// <summary>The real server program, alone on core 0.</summary>
internal sealed class RequestServer : IDisposable
{
    private const double TicksPerSecond = 100;

    private readonly ChildProcess process;

    private RequestServer(ChildProcess process, int grpcPort, string log) => (this.process, GrpcPort, Log) = (process, grpcPort, log);

    public int GrpcPort { get; }

    /// <summary>Where its output is, for a message.</summary>
    public string Log { get; }

    /// <summary>Seconds from its start until it was ready.</summary>
    public double ReadyAfter { get; private set; }

    /// <summary>Starts it and waits until it is ready.</summary>
    public static async Task<RequestServer> Start(string folder, string models, string model, int redisPort, CancellationToken cancellation, params string[] environment)
    {
        var program = Path.Combine(SharedFolder.RepositoryRoot, "src", "Ranking.Server", "bin", "Release", "net10.0", "Ranking.Server");
        var ports = FreePort.Next(2);
        var log = Path.Combine(folder, $"server-{ports[0]}.log");
        var started = Stopwatch.GetTimestamp();
        var process = ChildProcess.Start(log, "env",
        [
            $"Ranking__ModelStore={models}", $"Ranking__Models__0={model}", $"Ranking__Redis__Endpoints__0=127.0.0.1:{redisPort}",
            "Ranking__Redis__ReadTimeout=00:00:01", "Ranking__DefaultDeadline=00:00:30",
            $"Kestrel__Endpoints__Grpc__Url=http://127.0.0.1:{ports[0]}", $"Kestrel__Endpoints__Http__Url=http://127.0.0.1:{ports[1]}",
            .. environment, "taskset", "-c", "0", program,
        ]);
        var server = new RequestServer(process, ports[0], log);
        try
        {
            await server.UntilReady(ports[1], cancellation);
            server.ReadyAfter = Stopwatch.GetElapsedTime(started).TotalSeconds;
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
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

    public void Dispose() => process.Dispose();

    private async Task UntilReady(int httpPort, CancellationToken cancellation)
    {
        await FreePort.WaitUntilOpen(httpPort, TimeSpan.FromMinutes(1));
        using var http = new HttpClient();
        for (var attempt = 0; attempt < 600; attempt++)
        {
            using var response = await http.GetAsync(new Uri($"http://127.0.0.1:{httpPort}/readyz"), cancellation);
            if (response.IsSuccessStatusCode)
                return;
            await Task.Delay(100, cancellation);
        }

        throw new TimeoutException($"the server is not ready after a minute: {await File.ReadAllTextAsync(Log, cancellation)}");
    }
}
