namespace Ranking.Benchmarks;

/// <summary>
/// Measurements that take turns, round by round, so that what slows the machine for a while slows all of them. A ratio is the
/// median of the rounds'.
/// </summary>
internal sealed class Contest
{
    private const int Unmeasured = 10;

    private readonly List<(string Name, Func<double> Measure)> contestants = [];
    private readonly Dictionary<string, List<double>> measured = [];

    public void Add(string name, Func<double> measure)
    {
        contestants.Add((name, measure));
        measured[name] = [];
    }

    /// <summary>Measures all in turns.</summary>
    /// <param name="rounds">How many rounds count; some more before them do not.</param>
    /// <param name="begin">Called before each round with its number; those that do not count have negative ones.</param>
    /// <param name="cancellation">Ends it between two rounds.</param>
    public void Run(int rounds, Action<int> begin, CancellationToken cancellation)
    {
        for (var round = -Unmeasured; round < rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            begin(round);
            foreach (var (name, measure) in contestants)
            {
                var value = measure();
                if (round >= 0)
                {
                    measured[name].Add(value);
                }
            }
        }
    }

    /// <summary>The median of what one measured.</summary>
    public double Of(string name) => Benchmark.Median(measured[name]);

    /// <summary>The median over the rounds of what one measured by what another did.</summary>
    public double Ratio(string one, string by) => Of(one, by, (left, right) => left / right);

    /// <summary>The median over the rounds of a figure of what two measured.</summary>
    public double Of(string one, string other, Func<double, double, double> figure) => Benchmark.Median(measured[one].Zip(measured[other], figure));
}
