using Ranking.Inference;

namespace Ranking.Server;

/// <summary>Brings a version from the store into memory, verified and warm.</summary>
internal sealed class ModelLoader(IModelStore store, ModelWarmer warmer)
{
    /// <summary>The version that the store says to serve; null while there is none.</summary>
    public string? PointerOf(string model) => store.ServedVersion(model);

    /// <exception cref="ModelNotFoundException">The store has no such version.</exception>
    /// <exception cref="ModelRefusedException">The version is not whole or not usable.</exception>
    public async Task<LoadedModel> LoadAsync(string name, string version, CancellationToken cancellation)
    {
        if (!store.Exists(name, version))
        {
            throw new ModelNotFoundException($"the store has no version '{version}' of model '{name}'");
        }

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

    private LoadedModel Open(string name, string version) => new(ServingModel.Load(store.FolderOf(name, version)));
}
