using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Ranking.Server;

/// <summary>The models of this server by name, each in a slot of its own.</summary>
internal sealed class ModelRegistry : IDisposable
{
    private readonly FrozenDictionary<string, ModelSlot> slots;
    private readonly string defaultModel;

    public ModelRegistry(ServerOptions options, ModelLoader loader)
    {
        slots = options.Models.ToFrozenDictionary(
            name => name,
            name => new ModelSlot(name, loader.LoadAsync, options.SideLoadedVersions));
        Slots = [.. options.Models.Select(name => slots[name])];
        defaultModel = options.DefaultModel ?? options.Models[0];
    }

    /// <summary>All slots, in the order of the options.</summary>
    public ImmutableArray<ModelSlot> Slots { get; }

    /// <summary>Whether every model has a version that is loaded and warm.</summary>
    public bool IsReady => Slots.All(slot => slot.CurrentVersion is not null);

    /// <summary>The slot of a model, of the default one where no name is given.</summary>
    /// <exception cref="ModelNotFoundException">There is no such model.</exception>
    public ModelSlot Require(string? name) =>
        slots.GetValueOrDefault(name ?? defaultModel) ?? throw new ModelNotFoundException($"this server has no model '{name}': it has {string.Join(", ", Slots.Select(one => one.Name))}");

    public void Dispose()
    {
        foreach (var slot in Slots)
        {
            slot.Dispose();
        }
    }
}
