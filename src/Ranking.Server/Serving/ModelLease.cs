namespace Ranking.Server;

/// <summary>A request's hold on one version: it cannot go away before the request is answered.</summary>
internal sealed class ModelLease(LoadedModel model) : IDisposable
{
    public LoadedModel Model { get; } = model;

    public void Dispose() => Model.Release();
}
