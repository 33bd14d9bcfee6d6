namespace Ranking.Metrics;

/// <summary>A two-sided 95 % interval; NaN at both ends where the sample gives none.</summary>
/// <param name="Lower">The lower end.</param>
/// <param name="Upper">The upper end.</param>
public readonly record struct Interval(double Lower, double Upper)
{
    /// <summary>The normal distribution's 97.5 % quantile.</summary>
    internal const double Z = 1.959963984540054;

    /// <summary>Of a share counted among independent rows (Wilson, Journal of the American Statistical Association 22, 1927).</summary>
    /// <param name="share">The share, 0 to 1.</param>
    /// <param name="rows">How many rows, from 1.</param>
    public static Interval Wilson(double share, int rows)
    {
        var spread = Z * Z / rows;
        var middle = (share + (spread / 2)) / (1 + spread);
        var half = Z * Math.Sqrt((share * (1 - share) / rows) + (spread / (4 * rows))) / (1 + spread);
        return new Interval(Math.Max(0, middle - half), Math.Min(1, middle + half));
    }

    /// <summary>Of what resampling gave: from the 2.5 % to the 97.5 % quantile of the resamples in which the figure is defined.</summary>
    /// <param name="resampled">[resamples] figures; NaN where a resample has none.</param>
    public static Interval OfResampled(ReadOnlySpan<double> resampled)
    {
        var sorted = resampled.ToArray();
        Array.Sort(sorted);
        // NaN sorts first.
        var defined = sorted.AsSpan(sorted.Count(double.IsNaN));
        return defined.IsEmpty ? new Interval(double.NaN, double.NaN) : new Interval(Quantile(defined, 0.025), Quantile(defined, 0.975));
    }

    /// <summary>Of a difference whose parts were resampled with the same draws: the interval of first less second.</summary>
    /// <param name="first">[resamples] the first figure.</param>
    /// <param name="second">[resamples] the second figure, of the same draws.</param>
    public static Interval OfPaired(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        var differences = new double[first.Length];
        for (var i = 0; i < differences.Length; i++)
        {
            differences[i] = first[i] - second[i];
        }

        return OfResampled(differences);
    }

    internal static Interval Normal(double mean, double variance, double least, double most)
    {
        var half = Z * Math.Sqrt(variance);
        return double.IsNaN(half)
            ? new Interval(double.NaN, double.NaN)
            : new Interval(Math.Max(least, mean - half), Math.Min(most, mean + half));
    }

    /// <summary>The smallest value that at least this share of the ascending sample does not exceed.</summary>
    internal static double Quantile(ReadOnlySpan<double> ascending, double share) =>
        ascending[Math.Clamp((int)Math.Ceiling(share * ascending.Length) - 1, 0, ascending.Length - 1)];
}
