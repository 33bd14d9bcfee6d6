using Ranking.Core;
using Ranking.Inference;
using Ranking.Models;

namespace Ranking.Server;

/// <summary>Brings a version from the store into memory, verified and warm.</summary>
internal sealed class ModelLoader(IModelStore store, ModelWarmer warmer)
{
    /// <summary>The version that the store says to serve; null while there is none.</summary>
    public string? PointerOf(string model) => store.Served(model);

    /// <exception cref="ModelNotFoundException">The store has no such version.</exception>
    /// <exception cref="ModelRefusedException">The version is not whole or not usable.</exception>
    public async Task<LoadedModel> LoadAsync(string name, string version, CancellationToken cancellation)
    {
        var model = await Task.Run(() => Open(name, version), cancellation).ConfigureAwait(false);
        try
        {
            await warmer.WarmAsync(model, cancellation).ConfigureAwait(false);
            return model;
        }
        catch
        {
            model.Release();
            throw;
        }
    }

    private LoadedModel Open(string name, string version)
    {
        try
        {
            return new LoadedModel(ServingModel.Load(ModelArtifact.Open(FolderOf(name, version))));
        }
        catch (Exception failure) when (failure is ArtifactException or ExpressionException)
        {
            throw new ModelRefusedException(failure.Message, failure);
        }
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
