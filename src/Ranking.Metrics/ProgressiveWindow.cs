namespace Ranking.Metrics;

/// <summary>
/// The newest N predictions, each made before its label was learned from, with their labels: progressive validation (Blum
/// et al., COLT 1999). Metrics are computed when asked for, exactly, over what the window holds. Not thread-safe.
/// </summary>
public sealed class ProgressiveWindow
{
    private readonly float[] probabilities;
    private readonly bool[] labels;
    private int next;

    /// <param name="capacity">How many predictions it keeps, from 1.</param>
    public ProgressiveWindow(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        probabilities = new float[capacity];
        labels = new bool[capacity];
    }

    /// <summary>How many predictions it holds, up to its capacity.</summary>
    public int Count { get; private set; }

    /// <summary>How many of them have a positive label.</summary>
    public int Positives { get; private set; }

    /// <summary>Mean log loss, in nats, summed from the oldest on; NaN while empty.</summary>
    public double LogLoss
    {
        get
        {
            double sum = 0;
            for (var i = 0; i < Count; i++)
            {
                var at = (Oldest + i) % probabilities.Length;
                sum += Metrics.LogLoss.OfRow(probabilities[at], labels[at]);
            }

            return sum / Count;
        }
    }

    /// <summary>The log loss of predicting the window's base rate, in nats; NaN while empty.</summary>
    public double BaseRateLogLoss => Metrics.LogLoss.OfBaseRate(Positives, Count);

    /// <summary>The AUC, by sorting the window: O(N log N); NaN while it holds one class only.</summary>
    public double Auc => Metrics.Auc.Of(probabilities.AsSpan(0, Count), labels.AsSpan(0, Count));

    /// <summary>Mean predicted over mean observed; infinite while no label is positive, NaN while empty.</summary>
    public double CalibrationRatio
    {
        get
        {
            double sum = 0;
            foreach (var probability in probabilities.AsSpan(0, Count))
            {
                sum += probability;
            }

            return sum / Positives;
        }
    }

    private int Oldest => Count < probabilities.Length ? 0 : next;

    /// <summary>Adds a prediction; the oldest leaves a full window.</summary>
    /// <exception cref="ArgumentException">The value is no probability.</exception>
    public void Add(float probability, bool label)
    {
        Inputs.RequireProbabilities([probability]);
        if (Count == probabilities.Length)
        {
            Positives -= labels[next] ? 1 : 0;
        }
        else
        {
            Count++;
        }

        probabilities[next] = probability;
        labels[next] = label;
        Positives += label ? 1 : 0;
        next = (next + 1) % probabilities.Length;
    }

    /// <summary>Copies what the window holds, the oldest first, for a checkpoint; <see cref="Add"/> restores it.</summary>
    public (float Probability, bool Label)[] ToArray()
    {
        var rows = new (float, bool)[Count];
        for (var i = 0; i < Count; i++)
        {
            var at = (Oldest + i) % probabilities.Length;
            rows[i] = (probabilities[at], labels[at]);
        }

        return rows;
    }
}
