namespace Ranking.Metrics;

/// <summary>Rows by descending score, cut wherever the score changes: equal scores pass a threshold together.</summary>
internal sealed class Thresholds
{
    private readonly float[] ascending;
    private readonly bool[] labels;

    public Thresholds(ReadOnlySpan<float> scores, ReadOnlySpan<bool> labels)
    {
        Inputs.RequireEqualLength(scores.Length, labels.Length, nameof(labels));
        Inputs.RequireNumbers(scores);
        ascending = scores.ToArray();
        this.labels = labels.ToArray();
        Array.Sort(ascending, this.labels);
        Positives = labels.Count(true);
    }

    public int Rows => ascending.Length;

    public int Positives { get; }

    /// <summary>For each threshold, the highest first: how many rows are at or above it, and how many positives among them.</summary>
    public IEnumerable<(int Rows, int Positives)> Above()
    {
        var positives = 0;
        for (var i = ascending.Length - 1; i >= 0; i--)
        {
            positives += labels[i] ? 1 : 0;
            if (i == 0 || ascending[i - 1] != ascending[i])
            {
                yield return (ascending.Length - i, positives);
            }
        }
    }
}
