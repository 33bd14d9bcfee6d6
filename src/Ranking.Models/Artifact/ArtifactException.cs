namespace Ranking.Models;

/// <summary>A version that cannot be used: a file is missing, damaged, of another format, or does not fit the others.</summary>
/// <param name="file">The file's path inside the version's folder.</param>
/// <param name="reason">What is wrong with it.</param>
/// <param name="inner">What the reader stumbled over.</param>
public sealed class ArtifactException(string file, string reason, Exception? inner = null) : IOException($"{file}: {reason}", inner)
{
    /// <summary>The file's path inside the version's folder.</summary>
    public string File { get; } = file;

    /// <summary>What is wrong with it.</summary>
    public string Reason { get; } = reason;
}
