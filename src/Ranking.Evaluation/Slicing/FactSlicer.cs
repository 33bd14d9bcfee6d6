using System.Globalization;
using Ranking.Core;

namespace Ranking.Evaluation;

/// <summary>By what is known of every impression: its split, its position, its hour of the day, its day, or its day and hour, in UTC.</summary>
internal sealed class FactSlicer(string name) : Slicer(name)
{
    private const long MillisecondsAnHour = 3_600_000;

    public override bool IsOrdered => Name != Split;

    public override int MostValues => Name is Day or DayHour ? 1000 : base.MostValues;

    public override string ValueOf(Example example) => Name switch
    {
        Split => example.Split.Length == 0 ? None : example.Split,
        Position => example.Position?.ToString(CultureInfo.InvariantCulture) ?? None,
        Day => TimeOf(example).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DayHour => TimeOf(example).ToString("yyyy-MM-dd HH:00", CultureInfo.InvariantCulture),
        _ => (example.EventTime / MillisecondsAnHour % 24).ToString("00", CultureInfo.InvariantCulture),
    };

    private static DateTimeOffset TimeOf(Example example) => DateTimeOffset.FromUnixTimeMilliseconds(example.EventTime);
}
