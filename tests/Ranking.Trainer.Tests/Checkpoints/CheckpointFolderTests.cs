using Ranking.Testing;

namespace Ranking.Trainer.Tests;

public sealed class CheckpointFolderTests
{
    [Fact]
    public void FindNewest_AfterWrites_IsTheLast()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.Path);
        Write(checkpoints, "one");
        Write(checkpoints, "two");
        var newest = checkpoints.FindNewest(Assert.Fail);
        Assert.Equal("two", File.ReadAllText(Path.Combine(newest!, "inner", "state")));
    }

    [Fact]
    public void Write_ThreeTimes_KeepsTwo()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.Path);
        Write(checkpoints, "one");
        Write(checkpoints, "two");
        Write(checkpoints, "three");
        Assert.Equal(2, Directory.GetDirectories(folder.Path).Length);
    }

    [Fact]
    public void FindNewest_FlippedByte_FallsBackAndSaysWhich()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.Path);
        Write(checkpoints, "one");
        Write(checkpoints, "two");
        var newest = checkpoints.FindNewest(Assert.Fail)!;
        File.WriteAllText(Path.Combine(newest, "inner", "state"), "twO");
        var refused = new List<string>();
        var found = checkpoints.FindNewest(refused.Add);
        Assert.Equal("one", File.ReadAllText(Path.Combine(found!, "inner", "state")));
        Assert.Contains("SHA-256", Assert.Single(refused), StringComparison.Ordinal);
        Assert.Contains(newest, refused[0], StringComparison.Ordinal);
    }

    [Fact]
    public void FindNewest_ListCutShort_FallsBackAndSaysWhich()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.Path);
        Write(checkpoints, "one");
        Write(checkpoints, "two");
        var list = Path.Combine(checkpoints.FindNewest(Assert.Fail)!, "checkpoint.json");
        File.WriteAllText(list, File.ReadAllText(list)[..20]);
        var refused = new List<string>();
        var found = checkpoints.FindNewest(refused.Add);
        Assert.Equal("one", File.ReadAllText(Path.Combine(found!, "inner", "state")));
        Assert.Contains("checkpoint.json is damaged", Assert.Single(refused), StringComparison.Ordinal);
    }

    [Fact]
    public void FindNewest_WriteThatFailed_IsNotThere()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.Path);
        Write(checkpoints, "one");
        Assert.Throws<IOException>(() => checkpoints.Write(_ => throw new IOException("disk full")));
        Assert.Equal("one", File.ReadAllText(Path.Combine(checkpoints.FindNewest(Assert.Fail)!, "inner", "state")));
    }

    private static void Write(CheckpointFolder checkpoints, string text) => checkpoints.Write(folder =>
    {
        Directory.CreateDirectory(Path.Combine(folder, "inner"));
        File.WriteAllText(Path.Combine(folder, "inner", "state"), text);
    });
}
