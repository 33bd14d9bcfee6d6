using System.Globalization;

namespace Ranking.Metrics.Tests;

/// <summary>The rows and results of <c>Golden/twenty-rows.txt</c>.</summary>
internal static class TwentyRows
{
    private static readonly string[][] lines =
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Golden", "twenty-rows.txt"))
            .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(' '))];

    private static readonly string[][] rows = [.. lines.Where(line => line[0] != "=")];

    public static ulong[] Users { get; } = [.. rows.Select(row => ulong.Parse(row[0], CultureInfo.InvariantCulture))];

    public static float[] Scores { get; } = [.. rows.Select(row => float.Parse(row[1], CultureInfo.InvariantCulture))];

    public static bool[] Labels { get; } = [.. rows.Select(row => row[2] == "1")];

    public static double Expected(string name) =>
        double.Parse(lines.Single(line => line[0] == "=" && line[1] == name)[2], CultureInfo.InvariantCulture);
}
