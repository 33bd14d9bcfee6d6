using System.Globalization;

namespace Ranking.Benchmarks;

/// <summary>The highest rate, to 5 %, at which 99 % of the requests are answered within a second.</summary>
internal static class Saturation
{
    private const double StepSeconds = 6;
    private const double LeastRate = 6;
    private const int TriesOnceFailed = 4;

    /// <summary>By factors of 1.5 until it is too much, then by halves of what lies between.</summary>
    public static async Task<double> Of(RequestServer server, PoissonLoad load, string requests, CancellationToken cancellation)
    {
        await load.Run(server.GrpcPort, requests, LeastRate, StepSeconds);
        var (held, failed, rate) = (0.0, 0.0, LeastRate);
        for (var tries = 0; tries < TriesOnceFailed; tries += failed > 0 ? 1 : 0)
        {
            cancellation.ThrowIfCancellationRequested();
            var result = await load.Run(server.GrpcPort, requests, rate, StepSeconds, deadline: TimeSpan.FromSeconds(1));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {rate:F1} requests/s: {result.Ok} of {result.Counted} within a second, p50 {result.P50:F1} ms, p99 {result.P99:F1} ms"));
            (held, failed) = result.Ok >= 0.99 * result.Counted ? (rate, failed) : (held, rate);
            if (held == 0)
            {
                throw new InvalidOperationException($"the server does not hold {rate:F1} requests/s; {server.Log}");
            }

            rate = failed == 0 ? held * 1.5 : Math.Sqrt(held * failed);
        }

        return held;
    }
}
