using System.Globalization;

namespace Ranking.Files;

/// <summary>What a column holds: exact facts over all rows, and the sampled rows' values as codes.</summary>
internal sealed class ColumnProfile
{
    private readonly double[] numbers;

    public ColumnProfile(string name, ColumnFacts facts, IEnumerable<string?> sample)
    {
        (Name, Facts) = (name, facts);
        var codes = new List<int>();
        var values = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var value in sample)
        {
            codes.Add(value is null ? -1 : values.TryGetValue(value, out var known) ? known : values[value] = values.Count);
        }

        (Codes, Values) = ([.. codes], [.. values.Keys]);
        numbers = Array.ConvertAll(Values, value => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN);
    }

    public string Name { get; }

    /// <summary>What holds for all rows of the table.</summary>
    public ColumnFacts Facts { get; }

    /// <summary>For each sampled row, in the order of the table, the index of its value; −1 where missing.</summary>
    public int[] Codes { get; }

    /// <summary>The sampled rows' different values, in the order of their first row.</summary>
    public string[] Values { get; }

    /// <summary>Whether every row has the same, a value or nothing.</summary>
    public bool IsConstant => Values.Length <= 1 && Facts.Values is { Count: <= 1 } && (Facts.Missing == 0 || Facts.Missing == Facts.Rows);

    /// <summary>Whether every sampled row has a value that no other has.</summary>
    public bool IsUnique => Codes.Length > 1 && Values.Length == Codes.Length;

    /// <summary>The share of rows without a value.</summary>
    public double MissingShare => Facts.Rows == 0 ? 0 : (double)Facts.Missing / Facts.Rows;

    /// <summary>The sampled row's number; NaN where it has none.</summary>
    public double NumberAt(int row) => Codes[row] < 0 ? double.NaN : numbers[Codes[row]];

    /// <summary>The sampled rows' numbers, ascending.</summary>
    public double[] SortedNumbers()
    {
        var sorted = Enumerable.Range(0, Codes.Length).Select(NumberAt).Where(number => !double.IsNaN(number)).ToArray();
        Array.Sort(sorted);
        return sorted;
    }

    /// <summary>The share of steps from a sampled row to the next that do not go down.</summary>
    public double Ascent()
    {
        var steps = Enumerable.Range(1, Math.Max(0, Codes.Length - 1)).Where(row => Codes[row] >= 0 && Codes[row - 1] >= 0).ToList();
        return steps.Count == 0 ? 0 : steps.Count(row => Compare(row - 1, row) <= 0) / (double)steps.Count;
    }

    private int Compare(int first, int second) => Facts.IsNumber
        ? NumberAt(first).CompareTo(NumberAt(second))
        : string.CompareOrdinal(Values[Codes[first]], Values[Codes[second]]);
}
