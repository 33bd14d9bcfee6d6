using System.Globalization;
using Ranking.Core;

namespace Ranking.Files;

/// <summary>One cell of a table: a text as CSV has it, or what a typed format says that it is; nothing where empty.</summary>
public readonly struct TableValue
{
    private readonly object? value;

    private TableValue(object? value) => this.value = value;

    /// <summary>Whether the cell is empty.</summary>
    public bool IsMissing => value is null;

    /// <summary>The cell's values, where it is a list.</summary>
    public IReadOnlyList<TableValue>? Items => value as IReadOnlyList<TableValue>;

    /// <summary>A text; an empty one is no value.</summary>
    public static TableValue Of(string? text) => new(string.IsNullOrEmpty(text) ? null : text);

    /// <summary>An integer.</summary>
    public static TableValue Of(long number) => new(number);

    /// <summary>A real number; NaN is no value, and a whole one is an integer.</summary>
    public static TableValue Of(double number) =>
        double.IsNaN(number) ? default : number == Math.Floor(number) && Math.Abs(number) < 1L << 53 ? new((long)number) : new(number);

    /// <summary>A list.</summary>
    public static TableValue Of(IReadOnlyList<TableValue> items) => new(items);

    /// <summary>The value as an integer, where it is one or is the decimal text of one.</summary>
    public bool TryGetInteger(out long number)
    {
        number = value is long integer ? integer : 0;
        return value is long || (value is string text && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number));
    }

    /// <summary>The value as a number, where it is one or is the text of one.</summary>
    public bool TryGetNumber(out double number)
    {
        number = value switch { long integer => integer, double real => real, _ => 0 };
        return value is long or double
            || (value is string text && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number));
    }

    /// <summary>The value as an expression reads it: a text that is a number counts as both.</summary>
    public Operand ToOperand() =>
        new(TryGetNumber(out var number) ? number : double.NaN, value as string);

    /// <summary>The value as text; empty where missing.</summary>
    public override string ToString() => value switch
    {
        null => "",
        IReadOnlyList<TableValue> items => string.Join(',', items),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => (string)value,
    };
}
