using Ranking.Testing;

namespace Ranking.Server.Tests;

public sealed class MemoryBudgetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public MemoryBudgetTests()
    {
        Directory.CreateDirectory(folder.Combine("embeddings"));
        File.WriteAllBytes(folder.Combine("embeddings/table"), new byte[3 << 20]);
        File.WriteAllBytes(folder.Combine("weights"), new byte[2 << 20]);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Require_MoreThanIsFree_RefusesAndSaysWhatWouldHelp()
    {
        var failure = Assert.Throws<ModelRefusedException>(() => new MemoryBudget(new ServerOptions { MemoryMegabytes = 10, ItemCacheMegabytes = 7 }).Require([folder.Path]));

        Assert.StartsWith("it needs 5 MiB and 7 MiB for its items (ItemCacheMegabytes), and of 10 MiB ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("give the server more memory, or lower ItemCacheMegabytes or SideLoadedVersions", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Require_RoomForIt_TakesIt()
    {
        var free = (int)(Environment.WorkingSet >> 20) + 1_000;
        new MemoryBudget(new ServerOptions { MemoryMegabytes = free, ItemCacheMegabytes = 7 }).Require([folder.Path]);

        Assert.Throws<ModelRefusedException>(() => new MemoryBudget(new ServerOptions { MemoryMegabytes = free, ItemCacheMegabytes = 1_100 }).Require([folder.Path]));
    }
}
