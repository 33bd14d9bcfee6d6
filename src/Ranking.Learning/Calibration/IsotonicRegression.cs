namespace Ranking.Learning;

/// <summary>Neighbours in the order of the logit that share a value.</summary>
/// <param name="Weight">Their weight.</param>
/// <param name="Logits">Σ weight · logit.</param>
/// <param name="Positives">The weight of the positives.</param>
internal readonly record struct IsotonicBlock(double Weight, double Logits, double Positives)
{
    public double Logit => Logits / Weight;

    public double Mean => Positives / Weight;

    public static IsotonicBlock operator +(IsotonicBlock left, IsotonicBlock right) =>
        new(left.Weight + right.Weight, left.Logits + right.Logits, left.Positives + right.Positives);
}

/// <summary>
/// Isotonic regression of the label on the logit by pool adjacent violators (Ayer et al., 1955; Zadrozny and Elkan, KDD
/// 2002), thinned to a bounded number of knots.
/// </summary>
internal static class IsotonicRegression
{
    /// <summary>A knot stands for at least this weight of examples.</summary>
    private const double SmallestKnot = 100;

    /// <summary>Knots nearer than this, in logit or in value, are one.</summary>
    private const double SmallestGap = 1e-3;

    /// <summary>The blocks of the least-squares fit that does not fall, ascending; their means ascend strictly.</summary>
    public static List<IsotonicBlock> Pool(ReadOnlySpan<CalibrationRow> rows)
    {
        var sorted = rows.ToArray();
        Array.Sort(sorted, (left, right) => left.Logit.CompareTo(right.Logit));
        var blocks = new List<IsotonicBlock>();
        for (var at = 0; at < sorted.Length;)
        {
            // Equal logits have one value.
            var logit = sorted[at].Logit;
            var block = default(IsotonicBlock);
            for (; at < sorted.Length && sorted[at].Logit == logit; at++)
            {
                var weight = sorted[at].Weight;
                block += new IsotonicBlock(weight, weight * logit, sorted[at].IsPositive ? weight : 0);
            }

            while (blocks.Count > 0 && blocks[^1].Mean >= block.Mean)
            {
                block = blocks[^1] + block;
                blocks.RemoveAt(blocks.Count - 1);
            }

            blocks.Add(block);
        }

        return blocks;
    }

    /// <summary>Knots of a strictly rising map from logit to logit: the weighted centres of blocks, put together where they are small.</summary>
    /// <param name="rows">With both labels among them, weights above 0.</param>
    /// <param name="knots">How many at most.</param>
    public static List<(double Logit, double Value)> Fit(ReadOnlySpan<CalibrationRow> rows, int knots)
    {
        var blocks = Pool(rows);
        var smallest = Math.Max(blocks.Sum(block => block.Weight) / knots, SmallestKnot);
        var thinned = new List<IsotonicBlock>();
        var open = default(IsotonicBlock);
        foreach (var block in blocks)
        {
            open += block;
            if (open.Weight >= smallest && IsApart(open, thinned))
            {
                thinned.Add(open);
                open = default;
            }
        }

        // What is left is too small, all of one label, or not apart from the one before it.
        while (open.Weight > 0 && !(open.Weight >= smallest && IsApart(open, thinned)) && thinned.Count > 0)
        {
            open = thinned[^1] + open;
            thinned.RemoveAt(thinned.Count - 1);
        }

        if (open.Weight > 0)
        {
            thinned.Add(open);
        }

        return thinned.ConvertAll(block => (block.Logit, ValueOf(block)));
    }

    private static double ValueOf(IsotonicBlock block) => Math.Log(block.Positives / (block.Weight - block.Positives));

    // A block of one label alone has no finite logit.
    private static bool IsApart(IsotonicBlock block, List<IsotonicBlock> before) =>
        block.Positives > 0 && block.Positives < block.Weight
        && (before.Count == 0 || (block.Logit - before[^1].Logit > SmallestGap && ValueOf(block) - ValueOf(before[^1]) > SmallestGap));
}
