using Ranking.Inference;
using Ranking.Models;
using Ranking.Testing;

namespace Ranking.Server.Tests;

public sealed class ModelSlotTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task AcquireAsync_CallerGivesUpWhileItLoads_LeavesNoHold()
    {
        TestModel.Write(folder.Path, "main", "v1", 0.5);
        var model = new LoadedModel(ServingModel.Load(ModelArtifact.Open(new FolderModelStore(folder.Path).FolderOf("main", "v1"))));
        var loading = new TaskCompletionSource<LoadedModel>();
        using var slot = new ModelSlot("main", (_, _, _) => loading.Task, sideLoadedVersions: 0);
        using var caller = new CancellationTokenSource();
        var acquiring = slot.AcquireAsync("v1", caller.Token);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => acquiring);

        loading.SetResult(model);

        await TestServer.Until(() => !IsHeld(model));
    }

    public void Dispose() => folder.Dispose();

    private static bool IsHeld(LoadedModel model)
    {
        var isHeld = model.TryAddReference();
        if (isHeld)
        {
            model.Release();
        }

        return isHeld;
    }
}
