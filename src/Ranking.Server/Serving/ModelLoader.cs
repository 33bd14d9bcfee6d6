using Ranking.Core;
using Ranking.Events;
using Ranking.Inference;
using Ranking.Models;

namespace Ranking.Server;

/// <summary>
/// Brings a version from the store into memory, verified and warm. A delta over what is served lies over what is there: it is
/// warm but for the items that it changes.
/// </summary>
internal sealed class ModelLoader(
    IModelStore store, HistoryFollower histories, ModelWarmer warmer, MemoryBudget memory, ServerOptions options)
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
        var serving = await LoadAsync(FolderOf(slot.Name, version), before?.Model.Serving).ConfigureAwait(false);
        var model = new LoadedModel(serving, before?.Model, await HistoryOfAsync(serving.Spec, cancellation).ConfigureAwait(false));
        try
        {
            if (!model.IsWarm)
            {
                await warmer.WarmAsync(model, cancellation).ConfigureAwait(false);
            }

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

    // Requests go before a delta, which there is one of every second.
    private async Task<ServingModel> LoadAsync(string folder, ServingModel? before)
    {
        try
        {
            return await LowPriority.RunAsync(() => before?.TryLoadDelta(folder), LowPriority.Lowest).ConfigureAwait(false)
                ?? await LowPriority.RunAsync(() => LoadWhole(folder, before)).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is ArtifactException or ExpressionException)
        {
            throw new ModelRefusedException(failure.Message, failure);
        }
    }

    private ServingModel LoadWhole(string folder, ServingModel? before)
    {
        memory.Require(ModelArtifact.FoldersOf(folder));
        return ServingModel.Load(ModelArtifact.Open(folder), (long)options.ItemCacheMegabytes << 20, before);
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
