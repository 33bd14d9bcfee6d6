namespace Ranking.Metrics.Tests;

public sealed class UserBootstrapTests
{
    private const int Resamples = 600;

    [Fact]
    public void Run_AUserARow_HasDeLongsError()
    {
        var (scores, labels) = Samples.Calibrated(7, 3000);

        var resampled = new UserBootstrap(Distinct(scores.Length), labels).Run(scores, 1, Resamples);

        var delong = DeLong.Estimate(scores, labels);
        Assert.Equal(delong.Auc, resampled.Auc.Average(), 2);
        Assert.InRange(Deviation(resampled.Auc) / Math.Sqrt(delong.Variance), 0.9, 1.1);
    }

    [Fact]
    public void Run_TwoScoresOfTheSameRows_HaveThePairedDeLongError()
    {
        var (scores, labels) = Samples.Calibrated(3, 3000);
        var random = new Random(5);
        float[] noisy = [.. scores.Select(score => Math.Min(1, score + (0.1f * random.NextSingle())))];
        var bootstrap = new UserBootstrap(Distinct(scores.Length), labels);

        double[] differences = [.. bootstrap.Run(scores, 1, Resamples).Auc.Zip(bootstrap.Run(noisy, 1, Resamples).Auc, (a, b) => a - b)];

        var delong = DeLong.Compare(scores, noisy, labels);
        Assert.InRange(Deviation(differences) / Math.Sqrt(delong.Variance), 0.9, 1.1);
        Assert.Equal(delong.Difference, differences.Average(), 3);
        var interval = Interval.OfPaired(bootstrap.Run(scores, 1, Resamples).Auc, bootstrap.Run(noisy, 1, Resamples).Auc);
        Assert.InRange(delong.Difference, interval.Lower, interval.Upper);
    }

    [Fact]
    public void Run_RowsOfAUserInTens_IsWiderThanDeLong()
    {
        // Ten copies of each row: 300 users know no more than 300 rows.
        var (scores, labels) = Samples.Calibrated(9, 300);
        float[] copies = [.. scores.SelectMany(score => Enumerable.Repeat(score, 10))];
        bool[] copied = [.. labels.SelectMany(label => Enumerable.Repeat(label, 10))];
        ulong[] users = [.. Enumerable.Range(0, copies.Length).Select(row => (ulong)(row / 10))];

        var resampled = new UserBootstrap(users, copied).Run(copies, 1, Resamples);

        Assert.InRange(Deviation(resampled.Auc) / Math.Sqrt(DeLong.Estimate(scores, labels).Variance), 0.85, 1.15);
    }

    [Fact]
    public void Run_OneUser_RepeatsTheFigures()
    {
        var (scores, labels) = Samples.Calibrated(4, 200);

        var resampled = new UserBootstrap(new ulong[scores.Length], labels).Run(scores, 1, 3);

        Assert.All(resampled.Auc, auc => Assert.Equal(Auc.Of(scores, labels), auc, 12));
        Assert.All(resampled.AveragePrecision, precision => Assert.Equal(AveragePrecision.Of(scores, labels), precision, 12));
        Assert.All(resampled.LogLoss, loss => Assert.Equal(LogLoss.Of(scores, labels), loss, 6));
        Assert.All(resampled.CalibrationRatio, ratio => Assert.Equal(Calibration.Of(scores, labels).Ratio, ratio, 9));
    }

    [Fact]
    public void Run_SameSeed_IsTheSame()
    {
        var (scores, labels) = Samples.Calibrated(4, 200);
        var bootstrap = new UserBootstrap(Distinct(200), labels);

        Assert.Equal(bootstrap.Run(scores, 1, 100).Auc, bootstrap.Run(scores, 1, 100).Auc);
        Assert.NotEqual(bootstrap.Run(scores, 1, 100).Auc, bootstrap.Run(scores, 2, 100).Auc);
    }

    private static ulong[] Distinct(int rows) => [.. Enumerable.Range(0, rows).Select(row => (ulong)row)];

    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }
}
