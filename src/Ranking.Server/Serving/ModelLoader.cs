using Ranking.Core;
using Ranking.Events;
using Ranking.Inference;
using Ranking.Models;

namespace Ranking.Server;

/// <summary>
/// Brings a version from the store into memory, verified and warm. A delta over what is served lies over what is there: but for
/// the items that it changes it is warm.
/// </summary>
internal sealed class ModelLoader(
    IModelStore store, HistoryFollower histories, ModelWarmer warmer, MemoryBudget memory, ServerOptions options, TimeProvider time)
{
    /// <summary>The version that the store says to serve; null while there is none.</summary>
    public string? PointerOf(string model) => store.Served(model);

    /// <param name="slot">Whose version it is; what is served there meanwhile shares the memory of kept items with it.</param>
    /// <param name="version">The version.</param>
    /// <param name="cancellation">Ends the warm-up.</param>
    /// <exception cref="ModelNotFoundException">The store has no such version.</exception>
    /// <exception cref="ModelRefusedException">The version is not whole or not usable.</exception>
    public async Task<LoadedModel> LoadAsync(ModelSlot slot, string version, CancellationToken cancellation)
    {
        using var before = slot.Acquire();
        var pace = new SwapPace(before is null ? TimeSpan.Zero : options.SwapPatience, options.WarmUpShare, time);
        var serving = await LoadAsync(FolderOf(slot.Name, version), before?.Model.Serving, pace).ConfigureAwait(false);
        var model = new LoadedModel(serving, before?.Model, await HistoryOfAsync(serving.Spec, cancellation).ConfigureAwait(false));
        try
        {
            await (model.IsWarm ? warmer.WarmDeltaAsync(model, pace) : warmer.WarmAsync(model, pace, cancellation)).ConfigureAwait(false);

            return model;
        }
        catch
        {
            model.Release();
            throw;
        }
    }

    private async Task<ModelHistory?> HistoryOfAsync(ModelSpec spec, CancellationToken cancellation)
    {
        if (!spec.HasHistory)
        {
            return null;
        }

        var history = RequestHistory.NameOf(spec.Name, spec.Schema, spec.Statistics, spec.Sequences);
        return new ModelHistory(spec, history, await histories.FollowAsync(history, cancellation).ConfigureAwait(false), () => histories.LetGo(history));
    }

    private async Task<ServingModel> LoadAsync(string folder, ServingModel? before, SwapPace pace)
    {
        try
        {
            return await pace.RunAsync(() => before?.TryLoadDelta(folder)).ConfigureAwait(false)
                ?? await LoadWholeAsync(folder, before, pace).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is ArtifactException or ExpressionException)
        {
            throw new ModelRefusedException(failure.Message, failure);
        }
    }

    private async Task<ServingModel> LoadWholeAsync(string folder, ServingModel? before, SwapPace pace)
    {
        await pace.RunAsync(() => memory.Require(ModelArtifact.FoldersOf(folder))).ConfigureAwait(false);
        foreach (var (of, file) in await pace.RunAsync(() => ModelArtifact.FilesOf(folder)).ConfigureAwait(false))
        {
            await pace.RunAsync(() => FileHashes.Verify(of, file)).ConfigureAwait(false);
        }

        return await pace.RunAsync(() => ServingModel.Load(
            ModelArtifact.Open(folder, ArtifactCheck.Lengths), (long)options.ItemCacheMegabytes << 20, before)).ConfigureAwait(false);
    }

    private string FolderOf(string name, string version)
    {
        try
        {
            return store.FolderOf(name, version);
        }
        catch (IOException failure)
        {
            throw new ModelNotFoundException(failure.Message);
        }
    }
}
