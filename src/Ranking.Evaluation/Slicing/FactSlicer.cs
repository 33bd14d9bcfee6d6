using System.Globalization;
using Ranking.Core;

namespace Ranking.Evaluation;

/// <summary>By what is known of every impression: its split, its position, its hour of the day in UTC.</summary>
internal sealed class FactSlicer(string name) : Slicer(name)
{
    private const long MillisecondsAnHour = 3_600_000;

    public override bool IsOrdered => Name != Split;

    public override string ValueOf(Example example) => Name switch
    {
        Split => example.Split.Length == 0 ? None : example.Split,
        Position => example.Position?.ToString(CultureInfo.InvariantCulture) ?? None,
        _ => (example.EventTime / MillisecondsAnHour % 24).ToString("00", CultureInfo.InvariantCulture),
    };
}
