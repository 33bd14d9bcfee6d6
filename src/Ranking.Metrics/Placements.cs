namespace Ranking.Metrics;

/// <summary>
/// Each row's placement among the rows of the other class: for a positive, the share of negatives that it beats; for a
/// negative, the share of positives that beat it; ties count half. These are the structural components V10 and V01 of
/// DeLong et al. (Biometrics 44, 1988, eq. 4 and 5), found by one sort, as Sun and Xu (IEEE Signal Processing Letters
/// 21, 2014, Algorithm 2) find them from midranks.
/// </summary>
internal sealed class Placements
{
    private readonly double[] values;

    public Placements(ReadOnlySpan<float> scores, ReadOnlySpan<bool> labels)
    {
        Inputs.RequireEqualLength(scores.Length, labels.Length, nameof(labels));
        Inputs.RequireNumbers(scores);
        Positives = labels.Count(true);
        Negatives = labels.Length - Positives;
        var sorted = scores.ToArray();
        var rows = new int[scores.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = i;
        }

        Array.Sort(sorted, rows);
        values = new double[rows.Length];
        Place(sorted, rows, labels);
        Auc = MeanOfPositives(labels);
    }

    public int Positives { get; }

    public int Negatives { get; }

    /// <summary>The mean placement of the positives.</summary>
    public double Auc { get; }

    /// <summary>The covariance of two AUCs over the same rows (DeLong et al., eq. 6); the variance for one with itself.</summary>
    /// <returns>NaN with fewer than two rows of either class.</returns>
    public static double Covariance(Placements a, Placements b, ReadOnlySpan<bool> labels)
    {
        double positives = 0, negatives = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            var product = (a.values[i] - a.Auc) * (b.values[i] - b.Auc);
            if (labels[i])
            {
                positives += product;
            }
            else
            {
                negatives += product;
            }
        }

        return (positives / (a.Positives - 1) / a.Positives) + (negatives / (a.Negatives - 1) / a.Negatives);
    }

    private void Place(float[] sorted, int[] rows, ReadOnlySpan<bool> labels)
    {
        int positivesBelow = 0, negativesBelow = 0;
        for (int i = 0, end; i < sorted.Length; i = end)
        {
            var tiedPositives = 0;
            for (end = i; end < sorted.Length && sorted[end] == sorted[i]; end++)
            {
                tiedPositives += labels[rows[end]] ? 1 : 0;
            }

            var tiedNegatives = end - i - tiedPositives;
            var ofPositive = (negativesBelow + (0.5 * tiedNegatives)) / Negatives;
            var ofNegative = (Positives - positivesBelow - (0.5 * tiedPositives)) / Positives;
            for (var k = i; k < end; k++)
            {
                values[rows[k]] = labels[rows[k]] ? ofPositive : ofNegative;
            }

            positivesBelow += tiedPositives;
            negativesBelow += tiedNegatives;
        }
    }

    private double MeanOfPositives(ReadOnlySpan<bool> labels)
    {
        double sum = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            sum += labels[i] ? values[i] : 0;
        }

        return sum / Positives;
    }
}
