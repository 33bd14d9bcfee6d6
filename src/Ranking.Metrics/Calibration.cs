using System.Collections.Immutable;

namespace Ranking.Metrics;

/// <summary>Rows of neighbouring predictions.</summary>
/// <param name="Rows">How many there are.</param>
/// <param name="MeanPredicted">The mean predicted probability.</param>
/// <param name="MeanObserved">The share of positives.</param>
public readonly record struct CalibrationBin(int Rows, double MeanPredicted, double MeanObserved)
{
    /// <summary>Between which shares of positives the truth lies, 95 %, by Wilson.</summary>
    public Interval Observed => Interval.Wilson(MeanObserved, Rows);
}

/// <summary>
/// Whether predicted probabilities are what they say: rows are cut, in the order of their prediction, into bins of equal
/// size, and each bin's mean prediction is compared with its share of positives (Naeini et al., AAAI 2015).
/// </summary>
public sealed class Calibration
{
    /// <summary>How many bins there are (fewer rows make fewer bins).</summary>
    public const int BinCount = 20;

    private readonly float[] ascending;

    private Calibration(float[] ascending, bool[] labels)
    {
        this.ascending = ascending;
        Bins = [.. Enumerable.Range(0, BinCount).Select(bin => Border(bin)..Border(bin + 1))
            .Where(range => range.Start.Value < range.End.Value)
            .Select(range => BinOf(ascending.AsSpan(range), labels.AsSpan(range)))];
        MeanPredicted = Bins.Sum(bin => bin.Rows * bin.MeanPredicted) / ascending.Length;
        MeanObserved = (double)labels.AsSpan().Count(true) / ascending.Length;
        ExpectedError = Bins.Sum(bin => bin.Rows * Math.Abs(bin.MeanPredicted - bin.MeanObserved)) / ascending.Length;
    }

    /// <summary>The bins, ascending by prediction.</summary>
    public ImmutableArray<CalibrationBin> Bins { get; }

    /// <summary>The mean predicted probability; NaN without rows.</summary>
    public double MeanPredicted { get; }

    /// <summary>The share of positives; NaN without rows.</summary>
    public double MeanObserved { get; }

    /// <summary>Mean predicted over mean observed: 1 is right, above 1 predicts too much; infinite without positives.</summary>
    public double Ratio => MeanPredicted / MeanObserved;

    /// <summary>
    /// The expected calibration error: the mean over rows of |mean predicted − mean observed| of their bin. It is never 0
    /// on a sample; <see cref="PerfectBand"/> says how large chance alone makes it.
    /// </summary>
    public double ExpectedError { get; }

    /// <summary>Bins the rows; O(n log n).</summary>
    /// <param name="probabilities">[rows] predicted probabilities.</param>
    /// <param name="labels">[rows] true for a positive row.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a value is no probability.</exception>
    public static Calibration Of(ReadOnlySpan<float> probabilities, ReadOnlySpan<bool> labels)
    {
        Inputs.RequireEqualLength(probabilities.Length, labels.Length, nameof(labels));
        Inputs.RequireProbabilities(probabilities);
        // Equal predictions stay in row order, so that the bins that part them do not depend on the sort.
        var keys = new (float Probability, int Row)[probabilities.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = (probabilities[i], i);
        }

        var sorted = labels.ToArray();
        Array.Sort(keys, sorted);
        return new Calibration(Array.ConvertAll(keys, key => key.Probability), sorted);
    }

    /// <summary>
    /// The 95 % quantile of the error that a perfectly calibrated model of these predictions would show: labels are drawn
    /// with the predicted probabilities, again and again. An <see cref="ExpectedError"/> below it is no evidence against
    /// the model.
    /// </summary>
    /// <param name="seed">The same seed gives the same band, on every machine.</param>
    /// <param name="draws">How many times all labels are drawn, from 20.</param>
    public double PerfectBand(ulong seed, int draws = 200)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 20);
        var random = new SplitMix64(seed);
        var errors = new double[draws];
        for (var draw = 0; draw < draws; draw++)
        {
            errors[draw] = DrawError(ref random);
        }

        Array.Sort(errors);
        return Interval.Quantile(errors, 0.95);
    }

    private double DrawError(ref SplitMix64 random)
    {
        double error = 0;
        var start = 0;
        foreach (var bin in Bins)
        {
            var positives = 0;
            foreach (var probability in ascending.AsSpan(start, bin.Rows))
            {
                positives += random.NextDouble() < probability ? 1 : 0;
            }

            error += Math.Abs((bin.Rows * bin.MeanPredicted) - positives);
            start += bin.Rows;
        }

        return error / ascending.Length;
    }

    private int Border(int bin) => (int)((long)bin * ascending.Length / BinCount);

    private static CalibrationBin BinOf(ReadOnlySpan<float> probabilities, ReadOnlySpan<bool> labels)
    {
        double sum = 0;
        foreach (var probability in probabilities)
        {
            sum += probability;
        }

        return new CalibrationBin(labels.Length, sum / labels.Length, (double)labels.Count(true) / labels.Length);
    }
}
