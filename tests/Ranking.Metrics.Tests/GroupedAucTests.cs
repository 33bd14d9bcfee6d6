namespace Ranking.Metrics.Tests;

public sealed class GroupedAucTests
{
    [Fact]
    public void Of_TwentyRows_EqualsTheHandCount()
    {
        var grouped = GroupedAuc.Of(TwentyRows.Scores, TwentyRows.Labels, TwentyRows.Users);

        Assert.Equal(TwentyRows.Expected("grouped_auc"), grouped.Value, 11);
        Assert.Equal(TwentyRows.Expected("users"), grouped.Users);
        Assert.Equal(TwentyRows.Expected("skipped_users"), grouped.SkippedUsers);
        Assert.Equal(TwentyRows.Expected("skipped_impressions"), grouped.SkippedImpressions);
    }

    [Fact]
    public void Of_OneUser_EqualsTheAuc() =>
        CsCheck.Check.Sample(Samples.Tied, rows =>
        {
            var (scores, labels) = Samples.Split(rows);
            Assert.Equal(Auc.Of(scores, labels), GroupedAuc.Of(scores, labels, new ulong[rows.Length]).Value, 12);
        });

    [Fact]
    public void Of_NoUserWithBothClasses_IsNaN()
    {
        var grouped = GroupedAuc.Of([0.1f, 0.2f], [true, false], [1, 2]);

        Assert.True(double.IsNaN(grouped.Value));
        Assert.Equal(2, grouped.SkippedUsers);
        Assert.True(double.IsNaN(grouped.Bootstrap(1).Lower));
    }

    [Fact]
    public void Bootstrap_SameSeed_IsTheSame()
    {
        var grouped = ManyUsers(out _);

        Assert.Equal(grouped.Bootstrap(1), grouped.Bootstrap(1));
        Assert.NotEqual(grouped.Bootstrap(1), grouped.Bootstrap(2));
    }

    [Fact]
    public void Bootstrap_ManyUsers_IsAsWideAsTheirSpread()
    {
        var grouped = ManyUsers(out var standardError);

        var interval = grouped.Bootstrap(1);

        Assert.InRange(grouped.Value, interval.Lower, interval.Upper);
        Assert.InRange((interval.Upper - interval.Lower) / (2 * 1.96 * standardError), 0.9, 1.1);
    }

    // 300 users of 40 rows each: with equal weights, the standard error is that of a mean.
    private static GroupedAuc ManyUsers(out double standardError)
    {
        const int Users = 300, Rows = 40;
        var (scores, labels) = Samples.Calibrated(13, Users * Rows);
        ulong[] users = [.. Enumerable.Range(0, scores.Length).Select(row => (ulong)(row / Rows))];
        double[] aucs = [.. Enumerable.Range(0, Users).Select(user => Auc.Of(scores.AsSpan(user * Rows, Rows), labels.AsSpan(user * Rows, Rows)))];
        double[] defined = [.. aucs.Where(auc => !double.IsNaN(auc))];
        var mean = defined.Average();
        standardError = Math.Sqrt(defined.Sum(auc => Math.Pow(auc - mean, 2)) / defined.Length / defined.Length);
        return GroupedAuc.Of(scores, labels, users);
    }
}
