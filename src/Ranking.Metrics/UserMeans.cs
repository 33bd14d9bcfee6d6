namespace Ranking.Metrics;

/// <summary>
/// A weighted mean of figures that are one user's each, with its bootstrap over users (Efron, Annals of Statistics 7,
/// 1979): users, unlike their impressions, are independent.
/// </summary>
/// <param name="sums">[users] the sum of weight × figure.</param>
/// <param name="weights">[users] the sum of weights.</param>
internal sealed class UserMeans(double[] sums, double[] weights)
{
    public int Users => sums.Length;

    /// <summary>The mean; NaN without users.</summary>
    public double Value
    {
        get
        {
            double sum = 0, weight = 0;
            for (var i = 0; i < sums.Length; i++)
            {
                sum += sums[i];
                weight += weights[i];
            }

            return sum / weight;
        }
    }

    /// <summary>[resamples] the mean over users drawn with replacement; the same seed draws the same users.</summary>
    public double[] Resample(ulong seed, int resamples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 100);
        var random = new SplitMix64(seed);
        var sample = new double[resamples];
        for (var i = 0; i < resamples; i++)
        {
            double sum = 0, weight = 0;
            for (var drawn = 0; drawn < sums.Length; drawn++)
            {
                var user = random.NextBelow(sums.Length);
                sum += sums[user];
                weight += weights[user];
            }

            sample[i] = sum / weight;
        }

        return sample;
    }
}
