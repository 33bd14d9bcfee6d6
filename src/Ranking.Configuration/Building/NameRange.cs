using System.Globalization;
using System.Text.RegularExpressions;

namespace Ranking.Configuration;

/// <summary>Names that differ in a number, written as one: <c>feat{0..17}</c>.</summary>
internal static partial class NameRange
{
    /// <summary>Whether the text stands for several names.</summary>
    public static bool Is(string text) => Range().IsMatch(text);

    /// <summary>The names that the text stands for; itself where it is one name.</summary>
    public static IEnumerable<string> Expand(string text)
    {
        var range = Range().Match(text);
        var (first, last) = (NumberOf(range.Groups[2]), NumberOf(range.Groups[3]));
        return !range.Success ? [text]
            : Enumerable.Range(first, Math.Max(0, last - first + 1)).Select(number => $"{range.Groups[1].Value}{number}{range.Groups[4].Value}");
    }

    private static int NumberOf(Group digits) => digits.Success ? int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^(.*)\{(\d{1,4})\.\.(\d{1,4})\}(.*)$")]
    private static partial Regex Range();
}
