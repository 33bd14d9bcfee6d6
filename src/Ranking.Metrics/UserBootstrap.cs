namespace Ranking.Metrics;

/// <summary>Figures of one score, resampled. A figure is NaN in a resample that does not define it.</summary>
/// <param name="Auc">[resamples] AUC.</param>
/// <param name="AveragePrecision">[resamples] average precision.</param>
/// <param name="LogLoss">[resamples] log loss in nats.</param>
/// <param name="CalibrationRatio">[resamples] mean predicted over mean observed.</param>
public sealed record ResampledFigures(double[] Auc, double[] AveragePrecision, double[] LogLoss, double[] CalibrationRatio);

/// <summary>
/// The bootstrap over users (Efron, Annals of Statistics 7, 1979; by clusters: Davison and Hinkley, Bootstrap Methods and
/// their Application, 1997, 3.8): all users are drawn with replacement, each with all of its rows, since the rows of one user
/// are not independent. Two scores of the same rows are compared in pairs: the same seed draws the same users.
/// </summary>
public sealed class UserBootstrap
{
    private readonly int[] userOf;
    private readonly bool[] labels;
    private readonly int users;

    /// <param name="users">[rows] whose row it is.</param>
    /// <param name="labels">[rows] true for a positive row.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public UserBootstrap(ReadOnlySpan<ulong> users, ReadOnlySpan<bool> labels)
    {
        Inputs.RequireEqualLength(users.Length, labels.Length, nameof(labels));
        var numbers = new Dictionary<ulong, int>();
        userOf = new int[users.Length];
        for (var row = 0; row < userOf.Length; row++)
        {
            if (!numbers.TryGetValue(users[row], out userOf[row]))
            {
                userOf[row] = numbers.Count;
                numbers.Add(users[row], userOf[row]);
            }
        }

        this.labels = labels.ToArray();
        this.users = numbers.Count;
    }

    /// <summary>Resamples the figures of a score: one sort, then O(rows + users) a resample, on all cores.</summary>
    /// <param name="probabilities">[rows] predicted probabilities.</param>
    /// <param name="seed">The same seed draws the same users, on every machine and with any number of cores.</param>
    /// <param name="resamples">How many times all users are drawn.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a value is no probability.</exception>
    public ResampledFigures Run(ReadOnlySpan<float> probabilities, ulong seed, int resamples)
    {
        Inputs.RequireEqualLength(probabilities.Length, labels.Length, nameof(labels));
        Inputs.RequireProbabilities(probabilities);
        var rows = Sorted(probabilities);
        var seeds = new ulong[resamples];
        var random = new SplitMix64(seed);
        foreach (ref var each in seeds.AsSpan())
        {
            each = random.Next();
        }

        var figures = new ResampledFigures(new double[resamples], new double[resamples], new double[resamples], new double[resamples]);
        Parallel.For(0, resamples, () => new int[users], (at, _, drawn) =>
        {
            Draw(drawn, seeds[at]);
            (figures.Auc[at], figures.AveragePrecision[at], figures.LogLoss[at], figures.CalibrationRatio[at]) = Figures(rows, drawn);
            return drawn;
        }, _ => { });
        return figures;
    }

    private static void Draw(int[] drawn, ulong seed)
    {
        Array.Clear(drawn);
        var random = new SplitMix64(seed);
        for (var i = 0; i < drawn.Length; i++)
        {
            drawn[random.NextBelow(drawn.Length)]++;
        }
    }

    private Row[] Sorted(ReadOnlySpan<float> probabilities)
    {
        var rows = new Row[labels.Length];
        var falling = new float[labels.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            falling[i] = -probabilities[i];
            rows[i] = new Row(userOf[i], probabilities[i], labels[i], (float)LogLoss.OfRow(probabilities[i], labels[i]));
        }

        Array.Sort(falling, rows);
        return rows;
    }

    private static (double Auc, double AveragePrecision, double LogLoss, double Ratio) Figures(Row[] rows, int[] drawn)
    {
        long positives = 0, negatives = 0, twiceBelow = 0;
        double precision = 0, loss = 0, predicted = 0;
        for (int i = 0, end; i < rows.Length; i = end)
        {
            long tiedPositives = 0, tied = 0;
            for (end = i; end < rows.Length && rows[end].Probability == rows[i].Probability; end++)
            {
                var weight = drawn[rows[end].User];
                tied += weight;
                tiedPositives += rows[end].Label ? weight : 0;
                loss += weight * rows[end].Loss;
            }

            var tiedNegatives = tied - tiedPositives;
            predicted += tied * (double)rows[i].Probability;
            twiceBelow += tiedNegatives * ((2 * positives) + tiedPositives);
            positives += tiedPositives;
            negatives += tiedNegatives;
            precision += tiedPositives == 0 ? 0 : (double)tiedPositives * positives / (positives + negatives);
        }

        var count = positives + negatives;
        return (twiceBelow / 2.0 / ((double)positives * negatives), precision / positives, loss / count, positives > 0 ? predicted / positives : double.NaN);
    }

    private readonly record struct Row(int User, float Probability, bool Label, float Loss);
}
