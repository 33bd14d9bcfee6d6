namespace Ranking.Metrics;

/// <summary>
/// Normalised discounted cumulative gain at k (Järvelin and Kekäläinen, ACM TOIS 20, 2002): Σ gain / log2(1 + rank) over
/// the first k of a list by score, over the same sum of the best order; the mean over lists. Equal scores share the
/// discounts of their ranks, which is the expectation over their orders (McSherry and Najork, ECIR 2008).
/// </summary>
public sealed class Ndcg
{
    private readonly UserMeans means;

    private Ndcg(UserMeans means, int lists, int skippedLists)
    {
        this.means = means;
        Lists = lists;
        SkippedLists = skippedLists;
        Value = means.Value;
    }

    /// <summary>The mean over lists, 0 to 1; NaN without any.</summary>
    public double Value { get; }

    /// <summary>Lists that have one: at least two rows, not all of the same gain.</summary>
    public int Lists { get; }

    /// <summary>Lists that any order leaves the same, and that are left out.</summary>
    public int SkippedLists { get; }

    /// <summary>Computes each list's; O(n log n).</summary>
    /// <param name="scores">[rows] scores in any unit.</param>
    /// <param name="gains">[rows] what a row is worth, from 0.</param>
    /// <param name="users">[rows] whose row it is.</param>
    /// <param name="lists">[rows] the list that the row is in; a list is of one user.</param>
    /// <param name="k">How many ranks count, from 1.</param>
    /// <exception cref="ArgumentException">The lengths differ, a score is NaN, or a gain is no number from 0.</exception>
    public static Ndcg Of(ReadOnlySpan<float> scores, ReadOnlySpan<float> gains, ReadOnlySpan<ulong> users, ReadOnlySpan<long> lists, int k)
    {
        Inputs.RequireEqualLength(scores.Length, gains.Length, nameof(gains));
        Inputs.RequireEqualLength(scores.Length, users.Length, nameof(users));
        Inputs.RequireEqualLength(scores.Length, lists.Length, nameof(lists));
        Inputs.RequireNumbers(scores);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        var keys = new (ulong User, long List, float Falling)[scores.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            if (!(gains[i] >= 0) || float.IsInfinity(gains[i]))
            {
                throw new ArgumentException($"gains[{i}] is {gains[i]}: give a finite number from 0.", nameof(gains));
            }

            keys[i] = (users[i], lists[i], -scores[i]);
        }

        var sorted = gains.ToArray();
        Array.Sort(keys, sorted);
        return OfSorted(keys, sorted, k);
    }

    /// <summary>The 95 % percentile interval over users drawn with replacement.</summary>
    /// <param name="seed">The same seed gives the same interval, on every machine.</param>
    /// <param name="resamples">How many times all users are drawn, from 100.</param>
    public Interval Bootstrap(ulong seed, int resamples) => Interval.OfResampled(Resample(seed, resamples));

    /// <summary>[resamples] the mean over users drawn with replacement, with the same draws for another score of the same rows.</summary>
    /// <param name="seed">The same seed draws the same users, on every machine.</param>
    /// <param name="resamples">How many times all users are drawn, from 100.</param>
    public double[] Resample(ulong seed, int resamples) => means.Resample(seed, resamples);

    private static Ndcg OfSorted((ulong User, long List, float Falling)[] keys, float[] gains, int k)
    {
        var (sums, counts) = (new List<double>(), new List<double>());
        var (listsOfAll, skipped) = (0, 0);
        ulong? user = null;
        for (int i = 0, end; i < keys.Length; i = end)
        {
            end = i + 1;
            while (end < keys.Length && keys[end].List == keys[i].List && keys[end].User == keys[i].User)
            {
                end++;
            }

            var list = gains.AsSpan(i..end);
            if (list.IndexOfAnyExcept(list[0]) < 0)
            {
                skipped++;
                continue;
            }

            if (user != keys[i].User)
            {
                user = keys[i].User;
                sums.Add(0);
                counts.Add(0);
            }

            sums[^1] += OfList(keys.AsSpan(i..end), list, k);
            counts[^1]++;
            listsOfAll++;
        }

        return new Ndcg(new UserMeans([.. sums], [.. counts]), listsOfAll, skipped);
    }

    private static double OfList(ReadOnlySpan<(ulong User, long List, float Falling)> keys, ReadOnlySpan<float> gains, int k)
    {
        double reached = 0, best = 0;
        for (int i = 0, end; i < Math.Min(k, keys.Length); i = end)
        {
            double gain = 0, discounts = 0;
            for (end = i; end < keys.Length && keys[end].Falling == keys[i].Falling; end++)
            {
                gain += gains[end];
                discounts += end < k ? Discount(end) : 0;
            }

            reached += gain / (end - i) * discounts;
        }

        var ideal = gains.ToArray();
        Array.Sort(ideal);
        for (var rank = 0; rank < Math.Min(k, ideal.Length); rank++)
        {
            best += ideal[^(rank + 1)] * Discount(rank);
        }

        // The best order, its ties added up another way, must not be better than itself.
        return Math.Min(1, reached / best);
    }

    private static double Discount(int rank) => 1 / Math.Log2(rank + 2);
}
