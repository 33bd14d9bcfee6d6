namespace Ranking.Configuration;

/// <summary>Collects what is wrong with a document and knows the line of each of its paths.</summary>
internal sealed class FaultList(string file)
{
    private readonly Dictionary<string, YamlPlace> places = new(StringComparer.Ordinal);
    private readonly List<ConfigurationFault> faults = [];

    public bool IsEmpty => faults.Count == 0;

    /// <summary>The faults by file and line.</summary>
    public IReadOnlyList<ConfigurationFault> Sorted => [.. faults.OrderBy(fault => fault.File, StringComparer.Ordinal).ThenBy(fault => fault.Line)];

    public void Locate(string path, YamlPlace place) => places[path] = place;

    /// <summary>Lets faults name a place by another path: a feature by its name.</summary>
    public void Alias(string path, string of) => places[path] = places[of];

    /// <summary>Whether something is wrong at the path or below it.</summary>
    public bool HasAt(string path) => faults.Exists(fault =>
        fault.Path.StartsWith(path, StringComparison.Ordinal) && (fault.Path.Length == path.Length || fault.Path[path.Length] is '.' or '['));

    /// <summary>Adds a fault at the path, or where the nearest path above it stands.</summary>
    public void Add(string path, string found, string fix)
    {
        var known = path;
        while (known.Length > 0 && !places.ContainsKey(known))
        {
            known = known[..Math.Max(0, known.LastIndexOfAny(['.', '[']))];
        }

        var (at, line) = places.GetValueOrDefault(known) ?? new YamlPlace(file, 1);
        faults.Add(new ConfigurationFault(at, line, path, found, fix));
    }

    public void AddAt(string at, int line, string found, string fix) => faults.Add(new ConfigurationFault(at, line, "", found, fix));

    public void ThrowIfAny()
    {
        if (!IsEmpty)
        {
            throw new ConfigurationException(Sorted);
        }
    }
}

/// <summary>Where a node stands.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line, from 1.</param>
internal sealed record YamlPlace(string File, int Line);
