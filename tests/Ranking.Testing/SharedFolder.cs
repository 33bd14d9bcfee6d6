using Xunit;

namespace Ranking.Testing;

/// <summary>
/// The folder of data and tools that is no part of the repository: <c>RANKING_SHARED</c>, else <c>../shared</c> beside
/// the repository's root.
/// </summary>
public static class SharedFolder
{
    /// <summary>The repository's root, found upwards from the running test.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>The folder, or null where this machine has none.</summary>
    public static string? Path { get; } = Find();

    /// <summary>The file or folder under the shared folder, or null where it is missing.</summary>
    public static string? TryFind(params string[] parts)
    {
        var path = Path is null ? null : System.IO.Path.Combine([Path, .. parts]);
        return System.IO.Path.Exists(path) ? path : null;
    }

    /// <summary>The file or folder under the shared folder; the running test is skipped where it is missing.</summary>
    public static string Require(params string[] parts)
    {
        var path = TryFind(parts);
        Assert.SkipWhen(path is null, Missing(parts));
        return path;
    }

    internal static string Missing(params string[] parts) =>
        $"shared/{string.Join('/', parts)} is not on this machine (set RANKING_SHARED to the folder that holds it)";

    private static string? Find()
    {
        var path = Environment.GetEnvironmentVariable("RANKING_SHARED")
            ?? System.IO.Path.GetFullPath(System.IO.Path.Combine(RepositoryRoot, "..", "shared"));
        return Directory.Exists(path) ? path : null;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "Ranking.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"no Ranking.sln above {AppContext.BaseDirectory}");
        return folder.FullName;
    }
}
