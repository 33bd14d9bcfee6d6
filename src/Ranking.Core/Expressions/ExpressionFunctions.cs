using System.Collections.Frozen;

namespace Ranking.Core;

/// <summary>
/// The functions that expressions know: <c>abs log log1p exp sqrt floor min max if</c>; of a time in Unix milliseconds,
/// UTC: <c>hour</c> (0 to 23), <c>weekday</c> (0 is Sunday), <c>day</c> (days since 1970); <c>date('2022-04-25')</c> or of
/// a text column: that midnight in Unix milliseconds, missing where it is no date.
/// </summary>
public static class ExpressionFunctions
{
    private const double DayMilliseconds = 86_400_000;

    internal static FrozenDictionary<string, ExpressionFunction> ByName { get; } = new Dictionary<string, ExpressionFunction>
    {
        ["abs"] = Of(Math.Abs),
        ["log"] = Of(Math.Log),
        ["log1p"] = Of(NumericTransform.SignedLog),
        ["exp"] = Of(Math.Exp),
        ["sqrt"] = Of(Math.Sqrt),
        ["floor"] = Of(Math.Floor),
        ["hour"] = Of(time => Math.Floor(Modulo(time, DayMilliseconds) / 3_600_000)),
        ["weekday"] = Of(time => Modulo(Math.Floor(time / DayMilliseconds) + 4, 7)),
        ["day"] = Of(time => Math.Floor(time / DayMilliseconds)),
        ["min"] = new(2, OperandType.Number, values => Math.Min(values[0].Number, values[1].Number)),
        ["max"] = new(2, OperandType.Number, values => Math.Max(values[0].Number, values[1].Number)),
        ["if"] = new(3, OperandType.Number, values => double.IsNaN(values[0].Number) ? double.NaN : values[values[0].Number != 0 ? 1 : 2].Number),
        ["date"] = new(1, OperandType.Text, values => ParseDate(values[0].Text)),
    }.ToFrozenDictionary();

    private static ExpressionFunction Of(Func<double, double> function) =>
        new(1, OperandType.Number, values => function(values[0].Number));

    private static double Modulo(double value, double by) => value - (by * Math.Floor(value / by));

    private static double ParseDate(string? text) =>
        DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUnixTimeMilliseconds()
            : double.NaN;
}

/// <summary>One function: how many arguments of which type it takes, and what it gives.</summary>
internal sealed record ExpressionFunction(int Arity, OperandType Argument, Func<Operand[], double> Apply);
