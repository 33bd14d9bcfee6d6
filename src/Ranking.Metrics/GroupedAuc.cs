namespace Ranking.Metrics;

/// <summary>
/// AUC within each user, averaged over users with their impressions as weights (Zhou et al., Deep Interest Network, KDD
/// 2018, eq. 6): how well each user's own candidates are ordered. Users with rows of one class have no AUC and are
/// skipped.
/// </summary>
public sealed class GroupedAuc
{
    private readonly UserMeans means;

    private GroupedAuc(UserMeans means, int skippedUsers, int skippedImpressions)
    {
        this.means = means;
        SkippedUsers = skippedUsers;
        SkippedImpressions = skippedImpressions;
        Value = means.Value;
    }

    /// <summary>The weighted mean of the users' AUCs; NaN where no user has both classes.</summary>
    public double Value { get; }

    /// <summary>How many users have both classes.</summary>
    public int Users => means.Users;

    /// <summary>How many users have rows of one class only.</summary>
    public int SkippedUsers { get; }

    /// <summary>How many rows are of users with one class only.</summary>
    public int SkippedImpressions { get; }

    /// <summary>Computes each user's AUC; O(n log n).</summary>
    /// <param name="scores">[rows] scores.</param>
    /// <param name="labels">[rows] true for a positive row.</param>
    /// <param name="users">[rows] whose row it is.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a score is NaN.</exception>
    public static GroupedAuc Of(ReadOnlySpan<float> scores, ReadOnlySpan<bool> labels, ReadOnlySpan<ulong> users)
    {
        Inputs.RequireEqualLength(scores.Length, labels.Length, nameof(labels));
        Inputs.RequireEqualLength(scores.Length, users.Length, nameof(users));
        Inputs.RequireNumbers(scores);
        var keys = new (ulong User, float Score)[scores.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = (users[i], scores[i]);
        }

        var sortedLabels = labels.ToArray();
        Array.Sort(keys, sortedLabels);
        return OfSorted(keys, sortedLabels);
    }

    /// <summary>The 95 % percentile interval over users drawn with replacement.</summary>
    /// <param name="seed">The same seed gives the same interval, on every machine.</param>
    /// <param name="resamples">How many times all users are drawn, from 100.</param>
    public Interval Bootstrap(ulong seed, int resamples = 1000) => Interval.OfResampled(Resample(seed, resamples));

    /// <summary>
    /// [resamples] grouped AUC over users drawn with replacement. Which users have both classes does not depend on the
    /// scores: another score of the same rows with the same seed is resampled with the same draws.
    /// </summary>
    /// <param name="seed">The same seed draws the same users, on every machine.</param>
    /// <param name="resamples">How many times all users are drawn, from 100.</param>
    public double[] Resample(ulong seed, int resamples) => means.Resample(seed, resamples);

    private static GroupedAuc OfSorted((ulong User, float Score)[] keys, bool[] labels)
    {
        var scores = Array.ConvertAll(keys, key => key.Score);
        var sums = new List<double>();
        var impressions = new List<double>();
        int skippedUsers = 0, skippedImpressions = 0;
        for (int i = 0, end; i < keys.Length; i = end)
        {
            end = i + 1;
            while (end < keys.Length && keys[end].User == keys[i].User)
            {
                end++;
            }

            var auc = Auc.OfSorted(scores.AsSpan(i..end), labels.AsSpan(i..end));
            if (double.IsNaN(auc))
            {
                skippedUsers++;
                skippedImpressions += end - i;
            }
            else
            {
                sums.Add(auc * (end - i));
                impressions.Add(end - i);
            }
        }

        return new GroupedAuc(new UserMeans([.. sums], [.. impressions]), skippedUsers, skippedImpressions);
    }
}
