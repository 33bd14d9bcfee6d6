using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Ranking.Configuration;

/// <summary>Reads single values: texts, numbers, flags, names of an enumeration, durations, times.</summary>
internal sealed partial class ScalarReader(FaultList faults)
{
    // Two of them still add up.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3_650_000);

    private const NumberStyles Integers = NumberStyles.AllowLeadingSign | NumberStyles.AllowThousands;

    public static bool Reads(Type type) =>
        type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan) || type == typeof(DateTimeOffset);

    public static string Describe(Type type) =>
        type.IsEnum ? $"one of {string.Join(", ", NamesOf(type))}"
        : type == typeof(string) ? "a text"
        : type == typeof(bool) ? "true or false"
        : type == typeof(TimeSpan) ? "a duration such as 500ms, 30s, 10m, 12h or 7d"
        : type == typeof(DateTimeOffset) ? "a time such as 2022-04-25T00:00:00Z"
        : type == typeof(float) || type == typeof(double) ? "a number"
        : "an integer";

    /// <summary>The names of an enumeration as a job file writes them.</summary>
    public static IEnumerable<string> NamesOf(Type type) => Enum.GetNames(type).Select(Spelling.Snake);

    /// <summary>The value, or null with the reason among the faults.</summary>
    public object? Read(Type type, string raw, string path, RangeAttribute? range)
    {
        if (Expand(raw, path) is not { } text)
        {
            return null;
        }

        var value = type.IsEnum ? ReadName(type, text)
            : type == typeof(string) ? text
            : type == typeof(bool) ? (bool.TryParse(text, out var flag) ? flag : null)
            : type == typeof(TimeSpan) ? ReadDuration(text)
            : type == typeof(DateTimeOffset) ? ReadTime(text)
            : type == typeof(int) ? (int.TryParse(text, Integers, CultureInfo.InvariantCulture, out var number) ? number : null)
            : type == typeof(long) ? (long.TryParse(text, Integers, CultureInfo.InvariantCulture, out var large) ? large : null)
            : type == typeof(ulong) ? (ulong.TryParse(text, Integers, CultureInfo.InvariantCulture, out var natural) ? natural : null)
            : ReadNumber(type, text);
        if (value is null)
        {
            faults.Add(path, $"'{text}'", type.IsEnum ? Spelling.OneOf(text, NamesOf(type)) : $"give {Describe(type)}");
        }
        else if (range is not null && !IsWithin(value, range))
        {
            faults.Add(path, $"'{text}'", $"give a value from {range.Minimum} to {range.Maximum}");
        }

        return value;
    }

    private static bool IsWithin(object value, RangeAttribute range)
    {
        var number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        return number >= Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture) && number <= Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture);
    }

    private static object? ReadName(Type type, string text) =>
        Enum.GetNames(type).FirstOrDefault(name => Spelling.Snake(name) == text) is { } found ? Enum.Parse(type, found) : null;

    private static DateTimeOffset? ReadTime(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static object? ReadNumber(Type type, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? Convert.ChangeType(number, type, CultureInfo.InvariantCulture)
            : null;

    public static TimeSpan? ReadDuration(string text)
    {
        var match = Duration().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var count = double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        var milliseconds = count * match.Groups[2].Value switch { "ms" => 1, "s" => 1_000, "m" => 60_000, "h" => 3_600_000, _ => 86_400_000d };
        return milliseconds <= Longest.TotalMilliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
    }

    private string? Expand(string text, string path)
    {
        var complete = true;
        var expanded = Placeholder().Replace(text, match =>
        {
            var value = Environment.GetEnvironmentVariable(match.Groups[1].Value) ?? (match.Groups[2].Success ? match.Groups[3].Value : null);
            if (value is null)
            {
                faults.Add(path, $"'{match.Value}', and no such variable", $"set {match.Groups[1].Value}, or write ${{{match.Groups[1].Value}:-default}}");
                complete = false;
            }

            return value ?? "";
        });
        return complete ? expanded : null;
    }

    [GeneratedRegex(@"^(\d{1,9}(?:\.\d+)?)(ms|s|m|h|d)$")]
    internal static partial Regex Duration();

    [GeneratedRegex(@"\$\{([A-Za-z_][A-Za-z0-9_]*)(:-([^}]*))?\}")]
    private static partial Regex Placeholder();
}
