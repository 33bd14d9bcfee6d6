namespace Ranking.Configuration;

/// <summary>Something wrong in a job file.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Path">Where in the document: <c>features[3].transform</c>; empty for the document itself.</param>
/// <param name="Found">What stands there.</param>
/// <param name="Fix">What should stand there.</param>
public sealed record ConfigurationFault(string File, int Line, string Path, string Found, string Fix)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}: {(Path.Length == 0 ? "" : Path + ": ")}found {Found}; {Fix}";
}

/// <summary>A job file that cannot be used, with everything that is wrong with it.</summary>
public sealed class ConfigurationException(IReadOnlyList<ConfigurationFault> faults)
    : Exception(string.Join('\n', faults))
{
    /// <summary>All faults, in the order of their lines.</summary>
    public IReadOnlyList<ConfigurationFault> Faults { get; } = faults;
}
