using System.Collections.Immutable;
using Ranking.Testing;

namespace Ranking.Models.Tests;

public sealed class FolderModelStoreTests : IDisposable
{
    private static readonly ArtifactContent content = SmallModel.Content(SmallModel.Spec(ArchitectureKind.SharedBottom));
    private readonly TemporaryFolder folder = new();
    private readonly FolderModelStore store;

    public FolderModelStoreTests() => store = new FolderModelStore(folder.Path);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Stage_BeforeCommit_IsInvisible()
    {
        using var staged = store.Stage("small", "v1");
        ArtifactWriter.Write(staged.Folder, content, SmallModel.Info with { Version = "v1" });

        Assert.Empty(store.Versions("small"));
        Assert.Throws<IOException>(() => store.FolderOf("small", "v1"));
        staged.Commit();
        Assert.Equal("v1", Assert.Single(store.Versions("small")).Name);
        Assert.Equal(["small"], store.Models());
    }

    [Fact]
    public void Stage_DisposedWithoutCommit_LeavesNothing()
    {
        using (var staged = store.Stage("small", "v1"))
        {
            ArtifactWriter.Write(staged.Folder, content, SmallModel.Info with { Version = "v1" });
        }

        Assert.Empty(Directory.GetFileSystemEntries(folder.Combine("small")));
    }

    [Fact]
    public void Stage_AfterACrashWhileStaging_BeginsAnew()
    {
        var abandoned = store.Stage("small", "v1");
        File.WriteAllText(Path.Combine(abandoned.Folder, "half"), "written");

        using var staged = store.Stage("small", "v1");

        Assert.Empty(Directory.GetFiles(staged.Folder));
    }

    [Fact]
    public void Commit_WithoutManifestOrOfAnotherVersion_Refuses()
    {
        using var staged = store.Stage("small", "v1");
        Assert.Throws<ArtifactException>(staged.Commit);
        ArtifactWriter.Write(staged.Folder, content, SmallModel.Info with { Version = "v2" });
        Assert.Contains("'v1' of 'small' was staged", Assert.Throws<ArtifactException>(staged.Commit).Reason, StringComparison.Ordinal);
        Assert.Empty(store.Versions("small"));
    }

    [Fact]
    public void Stage_OfAnExistingVersion_Refuses()
    {
        Add("v1", 1);

        Assert.Contains("already has a version 'v1'", Assert.Throws<IOException>(() => store.Stage("small", "v1")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Promote_OfARefusedVersion_SaysWhyAndKeepsTheServedOne()
    {
        Add("v1", 1);
        Add("v2", 2, refusal: "ctr: not finite");
        store.Promote("small", "v1");

        var fault = Assert.Throws<IOException>(() => store.Promote("small", "v2"));

        Assert.Contains("ctr: not finite", fault.Message, StringComparison.Ordinal);
        Assert.Equal("v1", store.Served("small"));
        Assert.Equal([null, "ctr: not finite"], store.Versions("small").Select(version => version.Refusal));
    }

    [Fact]
    public void Served_WithoutAPromotion_IsNull() => Assert.Null(store.Served("small"));

    [Fact]
    public async Task Served_WhileItIsReplaced_IsAlwaysWhole()
    {
        Add("v1", 1);
        Add("v2", 2);
        store.Promote("small", "v1");
        var writer = Task.Run(
            () =>
            {
                for (var i = 0; i < 200; i++)
                {
                    store.Promote("small", i % 2 == 0 ? "v2" : "v1");
                }
            },
            TestContext.Current.CancellationToken);
        var seen = new HashSet<string?>();
        while (!writer.IsCompleted)
        {
            seen.Add(store.Served("small"));
        }

        await writer;
        Assert.Subset(new HashSet<string?> { "v1", "v2" }, seen);
    }

    [Fact]
    public void Prune_KeepsTheLastThePinnedTheServedAndTheirParents()
    {
        Add("v1", 1);
        Add("v2", 2);
        Add("v3", 3, parent: "v2");
        Add("v4", 4);
        Add("v5", 5, refusal: "worse");
        Add("v6", 6, refusal: "worse");
        Add("v7", 7, parent: "v4");
        Add("v8", 8, refusal: "worse");
        store.Promote("small", "v3");
        store.SetPinned("small", "v6", true);
        store.SetPinned("small", "v5", true);
        store.SetPinned("small", "v5", false);

        var deleted = store.Prune("small", 1);

        Assert.Equal(["v1", "v5"], deleted);
        Assert.Equal(["v2", "v3", "v4", "v6", "v7", "v8"], store.Versions("small").Select(version => version.Name));
    }

    [Fact]
    public void Prune_KeepsTheLastDeltasAndTheirBases()
    {
        Add("v1", 1);
        Add("v2", 2);
        foreach (var (version, time) in new[] { ("v2-a", 3), ("v2-b", 4), ("v2-c", 5) })
        {
            SmallDelta.Write(folder.Combine("small", version), folder.Combine("small", "v2"), [], SmallDelta.Info with { Version = version, Parent = "v2", TrainedThrough = time });
        }

        Add("v3", 6);
        store.Promote("small", "v3");

        Assert.Equal(["v1", "v2-a", "v2-b"], store.Prune("small", 1));
        Assert.Equal(["v2", "v2-c", "v3"], store.Versions("small").Select(version => version.Name));
        Assert.Equal([null, "v2", null], store.Versions("small").Select(version => version.Base));
    }

    [Theory]
    [InlineData("../up")]
    [InlineData("served")]
    [InlineData(".hidden")]
    [InlineData("")]
    public void Stage_WithABadName_SaysWhatANameIs(string name) =>
        Assert.Contains("is no name for a model or version", Assert.Throws<IOException>(() => store.Stage("small", name)).Message, StringComparison.Ordinal);

    [Fact]
    public void SetGate_BeforeCommit_IsWhatTheVersionSays()
    {
        using var staged = store.Stage("small", "v1");
        ArtifactWriter.Write(staged.Folder, content, SmallModel.Info with { Version = "v1" });
        ArtifactWriter.SetGate(staged.Folder, new GateResult("golden scores are off", ImmutableSortedDictionary<string, double>.Empty.Add("ctr_log_loss", double.NaN)));
        staged.Commit();

        using var artifact = ModelArtifact.Open(store.FolderOf("small", "v1"));

        Assert.Equal("golden scores are off", artifact.Manifest.Info.Gate.Refusal);
        Assert.Equal(double.NaN, artifact.Manifest.Info.Gate.Metrics["ctr_log_loss"]);
    }

    private void Add(string version, long trainedThrough, string? parent = null, string? refusal = null)
    {
        using var staged = store.Stage("small", version);
        var info = SmallModel.Info with
        {
            Version = version,
            Parent = parent,
            TrainedThrough = trainedThrough,
            Gate = SmallModel.Info.Gate with { Refusal = refusal },
        };
        ArtifactWriter.Write(staged.Folder, content, info);
        staged.Commit();
    }
}
