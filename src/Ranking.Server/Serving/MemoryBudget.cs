namespace Ranking.Server;

/// <summary>Whether a version fits into memory beside what is there, asked before any of it is loaded.</summary>
internal sealed class MemoryBudget(ServerOptions options)
{
    private const double MiB = 1 << 20;

    /// <param name="folders">The version's folder, and that of its base where it is a delta.</param>
    /// <exception cref="ModelRefusedException">It does not.</exception>
    public void Require(IEnumerable<string> folders)
    {
        var files = folders.Sum(folder => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length));
        var needed = files + ((long)options.ItemCacheMegabytes << 20);
        var used = Environment.WorkingSet;
        var limit = options.MemoryMegabytes > 0 ? (long)options.MemoryMegabytes << 20 : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (used + needed > limit)
        {
            throw new ModelRefusedException(
                $"it needs {files / MiB:0} MiB and {options.ItemCacheMegabytes} MiB for its items (ItemCacheMegabytes), and of {limit / MiB:0} MiB {used / MiB:0} are in use: give the server more memory, or lower ItemCacheMegabytes or SideLoadedVersions");
        }
    }
}
