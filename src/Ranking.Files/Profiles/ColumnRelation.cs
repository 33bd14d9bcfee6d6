namespace Ranking.Files;

/// <summary>How much one column of a table's sample tells of another.</summary>
internal static class ColumnRelation
{
    /// <summary>
    /// How far a key fixes a column: 1 where all rows of a key have one value, 0 where a key's rows agree no more than rows
    /// dealt to it at random. Over keys with at least <paramref name="least"/> rows; NaN where they hold fewer than a
    /// twentieth of the rows, or rows agree at random too.
    /// </summary>
    public static double Fixes(ColumnProfile key, ColumnProfile column, int least = 2)
    {
        var (agreeing, counted) = Agreement(key.Codes, column.Codes, least);
        if (counted < 0.05 * key.Codes.Length)
        {
            return double.NaN;
        }

        // The same keys over the same values in another order: what agreement is worth.
        var dealt = (int[])column.Codes.Clone();
        new Random(1).Shuffle(dealt);
        var (byChance, ofChance) = Agreement(key.Codes, dealt, least);
        return byChance == ofChance ? double.NaN : ((double)agreeing / counted - (double)byChance / ofChance) / (1 - (double)byChance / ofChance);
    }

    /// <summary>The probability that a row with the label has the larger number, ties counted half; NaN where one side is empty.</summary>
    public static double Auc(ColumnProfile number, Func<int, bool> label)
    {
        var rows = Enumerable.Range(0, number.Codes.Length).Where(row => !double.IsNaN(number.NumberAt(row))).OrderBy(number.NumberAt).ToArray();
        var (positives, ranks) = (0.0, 0.0);
        for (var begin = 0; begin < rows.Length;)
        {
            var end = begin;
            while (end < rows.Length && number.NumberAt(rows[end]) == number.NumberAt(rows[begin]))
            {
                end++;
            }

            var hits = rows.AsSpan(begin, end - begin).ToArray().Count(label);
            (positives, ranks, begin) = (positives + hits, ranks + (hits * ((begin + end + 1) / 2.0)), end);
        }

        return (ranks - (positives * (positives + 1) / 2)) / (positives * (rows.Length - positives));
    }

    /// <summary>Whether a column has a value other than 0 in just those rows that have the label, but for one in a hundred.</summary>
    public static bool IsPresentWith(ColumnProfile column, Func<int, bool> label)
    {
        var (both, one) = (0, 0);
        for (var row = 0; row < column.Codes.Length; row++)
        {
            var present = column.Codes[row] >= 0 && column.NumberAt(row) != 0;
            both += present && label(row) ? 1 : 0;
            one += present != label(row) ? 1 : 0;
        }

        return both > 0 && one <= 0.01 * both;
    }

    private static (int Agreeing, int Counted) Agreement(int[] keys, int[] values, int least)
    {
        var groups = new Dictionary<int, Dictionary<int, int>>();
        for (var row = 0; row < keys.Length; row++)
        {
            if (keys[row] >= 0)
            {
                var group = groups.TryGetValue(keys[row], out var known) ? known : groups[keys[row]] = [];
                group[values[row]] = group.GetValueOrDefault(values[row]) + 1;
            }
        }

        var (agreeing, counted) = (0, 0);
        foreach (var group in groups.Values.Select(group => (Size: group.Values.Sum(), Most: group.Values.Max())).Where(group => group.Size >= least))
        {
            (agreeing, counted) = (agreeing + group.Most, counted + group.Size);
        }

        return (agreeing, counted);
    }
}
