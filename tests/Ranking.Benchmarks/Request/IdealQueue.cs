namespace Ranking.Benchmarks;

/// <summary>A queue without any cost of its own: Poisson arrivals, each served for the same time, first come, first served, by one core.</summary>
internal static class IdealQueue
{
    private const int Arrivals = 2_000_000;

    /// <summary>The 99th percentile of waiting and being served, milliseconds.</summary>
    /// <param name="rate">Arrivals a second.</param>
    /// <param name="serviceSeconds">The mean of what one takes.</param>
    public static double P99(double rate, double serviceSeconds)
    {
        var random = new Random(1);
        var times = new double[Arrivals];
        var wait = 0.0;
        for (var arrival = 0; arrival < times.Length; arrival++)
        {
            times[arrival] = wait + serviceSeconds;
            wait = Math.Max(0, times[arrival] + (Math.Log(1 - random.NextDouble()) / rate));
        }

        Array.Sort(times);
        return 1000 * times[(int)(0.99 * times.Length)];
    }
}
