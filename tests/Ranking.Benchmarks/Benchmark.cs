using System.Diagnostics;

namespace Ranking.Benchmarks;

/// <summary>One measurement that <c>./build.sh bench NAME</c> runs.</summary>
internal abstract class Benchmark
{
    /// <summary>What a person types.</summary>
    public abstract string Name { get; }

    /// <summary>What it measures, in a line.</summary>
    public abstract string Description { get; }

    /// <summary>Measures.</summary>
    /// <param name="figures">Takes every figure; its unit stands in the key (<c>build_seconds</c>).</param>
    /// <param name="arguments">What follows the name on the command line.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    public abstract Task Run(Figures figures, IReadOnlyList<string> arguments, CancellationToken cancellation);

    /// <summary>Keeps the process on the first core, where the system can.</summary>
    protected static void StayOnFirstCore() => TryUseCores(1);

    /// <summary>Keeps the process on the first cores, where the system can. False where the machine has fewer.</summary>
    internal static bool TryUseCores(int count)
    {
        var present = File.ReadLines("/proc/cpuinfo").Count(line => line.StartsWith("processor", StringComparison.Ordinal));
        if (present >= count && OperatingSystem.IsLinux())
        {
            Process.GetCurrentProcess().ProcessorAffinity = (1 << count) - 1;
        }

        return present >= count;
    }

    /// <summary>The middle one, or the mean of the two in the middle.</summary>
    internal static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
