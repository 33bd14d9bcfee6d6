namespace Ranking.Standalone;

/// <summary>Draws from distributions that <see cref="Random"/> does not have.</summary>
internal static class RandomDraws
{
    /// <summary>Of mean 0 and deviation 1 (Box and Muller, 1958).</summary>
    public static double NextGaussian(this Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>Exponential with a mean.</summary>
    public static double NextExponential(this Random random, double mean) => -mean * Math.Log(1 - random.NextDouble());

    /// <summary>Different numbers below a bound, in random order.</summary>
    public static int[] NextDistinct(this Random random, int count, int below)
    {
        var drawn = new int[count];
        var seen = new HashSet<int>(count);
        for (var i = 0; i < count;)
        {
            drawn[i] = random.Next(below);
            if (seen.Add(drawn[i]))
            {
                i++;
            }
        }

        return drawn;
    }
}
