namespace Ranking.Files;

/// <summary>What holds for all rows of a column; a few numbers, whatever the table's size.</summary>
internal sealed class ColumnFacts
{
    /// <summary>How many different values are remembered.</summary>
    public const int Remembered = 64;

    private HashSet<string>? values = new(StringComparer.Ordinal);

    /// <summary>How many rows there are.</summary>
    public long Rows { get; private set; }

    /// <summary>How many rows have no value.</summary>
    public long Missing { get; private set; }

    /// <summary>Whether every value is a number, and there is one.</summary>
    public bool IsNumber => Rows > Missing && areNumbers;

    /// <summary>Whether every value is a whole number, as 3 or 3.0 is.</summary>
    public bool IsWhole => IsNumber && areWhole;

    /// <summary>The different values; null where they are more than <see cref="Remembered"/>.</summary>
    public IReadOnlyCollection<string>? Values => values;

    /// <summary>The smallest number.</summary>
    public double Least { get; private set; } = double.PositiveInfinity;

    /// <summary>The largest number.</summary>
    public double Most { get; private set; } = double.NegativeInfinity;

    private bool areNumbers = true;
    private bool areWhole = true;

    /// <summary>Counts the value of a row.</summary>
    public void Add(TableValue value)
    {
        Rows++;
        if (value.IsMissing)
        {
            Missing++;
            return;
        }

        if (areNumbers && value.TryGetNumber(out var number))
        {
            areWhole &= number == Math.Floor(number);
            (Least, Most) = (Math.Min(Least, number), Math.Max(Most, number));
        }
        else
        {
            areNumbers = false;
        }

        if (values is not null && values.Add(value.ToString()) && values.Count > Remembered)
        {
            values = null;
        }
    }
}
