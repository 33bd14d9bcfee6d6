using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Ranking.Benchmarks;

/// <summary>The figures of one benchmark in the order in which they were measured.</summary>
internal sealed class Figures
{
    private readonly List<KeyValuePair<string, double>> figures = [];

    /// <summary>Adds a figure; the key names its unit.</summary>
    public void Add(string key, double value) => figures.Add(new(key, value));

    /// <summary>The machine and a line a figure, for a person.</summary>
    public string Table()
    {
        var width = figures.Count == 0 ? 0 : figures.Max(figure => figure.Key.Length);
        var lines = figures.Select(figure => $"  {figure.Key.PadRight(width)}  {figure.Value.ToString("G6", CultureInfo.InvariantCulture),14}");
        return string.Join('\n', lines.Prepend(Machine()));
    }

    /// <summary>One JSON object on one line, for a program.</summary>
    public string Json() => JsonSerializer.Serialize(new Dictionary<string, double>(figures));

    private static string Machine()
    {
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
        return $"{model?.Split(':')[1].Trim()}, {Environment.ProcessorCount} cores, {memory:F1} GiB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";
    }
}
