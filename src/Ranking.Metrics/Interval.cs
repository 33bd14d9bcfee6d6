namespace Ranking.Metrics;

/// <summary>A two-sided 95 % interval; NaN at both ends where the sample gives none.</summary>
/// <param name="Lower">The lower end.</param>
/// <param name="Upper">The upper end.</param>
public readonly record struct Interval(double Lower, double Upper)
{
    /// <summary>The normal distribution's 97.5 % quantile.</summary>
    internal const double Z = 1.959963984540054;

    internal static Interval Normal(double mean, double variance, double least, double most)
    {
        var half = Z * Math.Sqrt(variance);
        return double.IsNaN(half)
            ? new Interval(double.NaN, double.NaN)
            : new Interval(Math.Max(least, mean - half), Math.Min(most, mean + half));
    }

    /// <summary>From the 2.5 % to the 97.5 % quantile; sorts the sample.</summary>
    internal static Interval OfSample(Span<double> sample)
    {
        sample.Sort();
        return new Interval(Quantile(sample, 0.025), Quantile(sample, 0.975));
    }

    /// <summary>The smallest value that at least this share of the ascending sample does not exceed.</summary>
    internal static double Quantile(ReadOnlySpan<double> ascending, double share) =>
        ascending[Math.Clamp((int)Math.Ceiling(share * ascending.Length) - 1, 0, ascending.Length - 1)];
}
