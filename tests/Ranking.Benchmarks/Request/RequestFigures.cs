using System.Globalization;

namespace Ranking.Benchmarks;

/// <summary>What is measured of one server after another.</summary>
internal sealed class RequestFigures(Figures figures, PoissonLoad load, string requests, CancellationToken cancellation)
{
    // The machine's speed changes by the minute, and one stall of it is the p99 of the window that it falls into: medians.
    private const int Windows = 3;

    // Of the core, by what a request took of it in the window before: 70 % of a saturation that was found in a fast minute is
    // more than there is in a slow one.
    private const double Load = 0.7;

    // Around saturation, where answers in time are most.
    private static readonly double[] peakShares = [0.8, 0.9, 1.0, 1.1];

    private double cpuPerRequest;

    /// <summary>The last server's, requests a second.</summary>
    public double LastSaturation { get; private set; }

    /// <summary>The highest rate that the server holds.</summary>
    public async Task<double> Saturation(RequestServer server, string prefix)
    {
        LastSaturation = await Benchmarks.Saturation.Of(server, load, requests, cancellation);
        figures.Add($"{prefix}saturation_requests_per_second", LastSaturation);
        return LastSaturation;
    }

    /// <summary>Latency at a share of saturation; gives requests a second of the server's processor.</summary>
    public async Task<double> Steady(RequestServer server, string name, double saturation, int percent, double seconds)
    {
        var (result, cpu) = await Run(server, saturation * percent / 100, seconds, isConstant: false);
        figures.Add($"{name}_p50_ms_at_{percent}", result.P50);
        figures.Add($"{name}_p99_ms_at_{percent}", result.P99);
        figures.Add($"{name}_requests_at_{percent}", result.Counted);
        figures.Add($"{name}_sender_late_ms_at_{percent}", result.SenderLate);
        figures.Add($"{name}_requests_per_cpu_second_at_{percent}", result.Counted / cpu);
        return result.Counted / cpu;
    }

    /// <summary>p99 at 70 % load against an ideal queue's.</summary>
    public async Task AgainstIdealQueue(RequestServer server, double seconds) => AddMedian("p99_vs_ideal_queue", await Repeated(async () =>
    {
        var (result, cpu) = await Run(server, Load / cpuPerRequest, seconds, isConstant: false);
        return result.P99 / IdealQueue.P99(result.Counted / seconds, cpu / result.Counted);
    }));

    /// <summary>p99 against p50 at 70 % load where requests come at equal distances.</summary>
    public async Task Constant(RequestServer server, double seconds) => AddMedian("constant_p99_vs_p50", await Repeated(async () =>
    {
        var (result, _) = await Run(server, Load / cpuPerRequest, seconds, isConstant: true);
        return result.P99 / result.P50;
    }));

    /// <summary>Bytes that the server allocates a request.</summary>
    public async Task Allocation(RequestServer server, double saturation, double seconds)
    {
        var before = await server.AllocatedBytes(cancellation);
        var (result, _) = await Run(server, 0.5 * saturation, seconds, isConstant: false);
        figures.Add("bytes_per_request", (await server.AllocatedBytes(cancellation) - before) / result.Counted);
    }

    /// <summary>Answers in time at many times saturation, as a share of the most at any rate.</summary>
    public async Task Overload(RequestServer server, double saturation, double times, double seconds, TimeSpan deadline)
    {
        var (inVain, all) = (0.0, 0.0);
        AddMedian("overload_goodput_share", await Repeated(async () =>
        {
            var peak = 0.0;
            foreach (var share in peakShares)
            {
                peak = Math.Max(peak, await Goodput(server, share * saturation, seconds, deadline));
            }

            var before = await server.ScoringSeconds(cancellation);
            var overloaded = await Goodput(server, times * saturation, seconds, deadline);
            var after = await server.ScoringSeconds(cancellation);
            inVain += after.InVain - before.InVain;
            all += after.InVain - before.InVain + after.Answered - before.Answered;
            return overloaded / peak;
        }));
        figures.Add("overload_in_vain_share", inVain / all);
    }

    private static async Task<double[]> Repeated(Func<Task<double>> measure)
    {
        var measured = new double[Windows];
        for (var window = 0; window < Windows; window++)
        {
            measured[window] = await measure();
        }

        return measured;
    }

    private void AddMedian(string key, double[] measured)
    {
        figures.Add(key, Benchmark.Median(measured));
        figures.Add($"{key}_least", measured.Min());
        figures.Add($"{key}_most", measured.Max());
    }

    private async Task<double> Goodput(RequestServer server, double rate, double seconds, TimeSpan deadline)
    {
        cancellation.ThrowIfCancellationRequested();
        var result = await load.Run(server.GrpcPort, requests, rate, seconds, deadline);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {rate:F1} requests/s, {deadline.TotalMilliseconds:F0} ms: {result.Ok} of {result.Counted} in time, p50 {result.P50:F1} ms, sender late {result.SenderLate:F1} ms"));
        return result.Ok / seconds;
    }

    private async Task<(PoissonLoad.Result Result, double Cpu)> Run(RequestServer server, double rate, double seconds, bool isConstant)
    {
        cancellation.ThrowIfCancellationRequested();
        var before = server.CpuSeconds();
        var result = await load.Run(server.GrpcPort, requests, rate, seconds, isConstant: isConstant);
        if (result.Ok != result.Counted)
        {
            throw new InvalidOperationException($"{result.Counted - result.Ok} of {result.Counted} requests failed at {rate:F1} a second, {result.Statuses}; {server.Log}");
        }

        var cpu = server.CpuSeconds() - before;
        cpuPerRequest = cpu / result.Counted;
        return (result, cpu);
    }
}
