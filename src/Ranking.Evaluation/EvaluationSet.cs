using Ranking.Core;

namespace Ranking.Evaluation;

/// <summary>
/// Impressions with their labels, gathered from examples: the several examples of one impression, one for each time at
/// which task windows closed, become one row. Not thread-safe.
/// </summary>
public sealed class EvaluationSet
{
    private readonly Dictionary<UInt128, int> rowOf = [];
    private readonly List<LabelledImpression> rows = [];

    /// <summary>How many impressions there are.</summary>
    public int Count => rows.Count;

    internal IReadOnlyList<LabelledImpression> Rows => rows;

    /// <summary>Adds an example: a new impression, or further labels of one that is here.</summary>
    public void Add(Example example)
    {
        if (rowOf.TryGetValue(example.Impression, out var row))
        {
            rows[row].Add(example);
            return;
        }

        rowOf.Add(example.Impression, rows.Count);
        rows.Add(new LabelledImpression(example));
    }
}

/// <summary>One impression and what is known of its labels.</summary>
internal sealed class LabelledImpression
{
    public LabelledImpression(Example example)
    {
        Example = example;
        Add(example);
    }

    /// <summary>The impression's first example, for its features.</summary>
    public Example Example { get; }

    public uint Labels { get; private set; }

    public uint Observed { get; private set; }

    public void Add(Example example)
    {
        Labels |= example.Labels & example.Observed;
        Observed |= example.Observed;
    }
}
