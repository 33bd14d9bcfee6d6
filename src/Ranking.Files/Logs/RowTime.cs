using System.Globalization;
using Ranking.Core;

namespace Ranking.Files;

/// <summary>When a table's current row happened.</summary>
internal sealed class RowTime(TableReader table, RowTimeSpec spec)
{
    /// <summary>The end of the year 9999, Unix milliseconds: times beyond it are of another unit than declared.</summary>
    public const long Latest = 253_402_300_799_999;

    private readonly int column = spec.Column is null ? -1 : TableColumns.Index(table, spec.Column);

    /// <summary>Gives the time in Unix milliseconds, or what is wrong with it.</summary>
    public string? Read(out long time)
    {
        if (column < 0)
        {
            time = spec.Start.ToUnixTimeMilliseconds() + (long)(table.Row * spec.Step.TotalMilliseconds);
            return null;
        }

        var value = table[column];
        if (TryConvert(value, out var exact) && exact is >= 0 and <= Latest)
        {
            time = (long)exact;
            return null;
        }

        time = 0;
        return $"'{value}' in the time column '{spec.Column}'; give " + (spec.Unit == TimeUnit.Iso
            ? "ISO 8601, such as 2022-04-25T00:00:00Z"
            : $"Unix time in {spec.Unit.ToString().ToLowerInvariant()}, from 1970 to 9999, or change sources.log.time.unit");
    }

    private bool TryConvert(TableValue value, out decimal time)
    {
        if (spec.Unit == TimeUnit.Iso)
        {
            var isTime = DateTimeOffset.TryParse(value.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed);
            time = parsed.ToUnixTimeMilliseconds();
            return isTime;
        }

        var isNumber = decimal.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out time);
        time = spec.Unit switch { TimeUnit.S => decimal.Round(time * 1000), TimeUnit.Us => decimal.Floor(time / 1000), _ => decimal.Floor(time) };
        return isNumber;
    }
}
