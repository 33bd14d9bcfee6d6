using System.Collections.Immutable;

namespace Ranking.Core;

/// <summary>Where model versions are kept: written once, pointed to, pinned, pruned. One writer a model, any number of readers.</summary>
/// <remarks>Calls read and write files and block; request threads never make them.</remarks>
public interface IModelStore
{
    /// <summary>The names of all models, ascending.</summary>
    ImmutableArray<string> Models();

    /// <summary>A model's versions, ascending by the event time that they are trained through, then by name; none if there is no such model.</summary>
    ImmutableArray<StoredVersion> Versions(string model);

    /// <summary>The version that servers should serve, or null. Cheap enough to poll once a second.</summary>
    string? Served(string model);

    /// <summary>A local folder with the version's files.</summary>
    /// <exception cref="IOException">There is no such version.</exception>
    string FolderOf(string model, string version);

    /// <summary>Begins a version; nothing of it is visible before <see cref="IStagedVersion.Commit"/>.</summary>
    /// <exception cref="IOException">The version exists.</exception>
    IStagedVersion Stage(string model, string version);

    /// <summary>Points servers to an accepted version, at once and atomically.</summary>
    /// <exception cref="IOException">There is no such version, or the gate refused it.</exception>
    void Promote(string model, string version);

    /// <summary>Keeps a version from <see cref="Prune"/>, or lets it go.</summary>
    /// <exception cref="IOException">There is no such version.</exception>
    void SetPinned(string model, string version, bool isPinned);

    /// <summary>
    /// Deletes all but the last <paramref name="keep"/> accepted, as many refused ones and as many deltas, the pinned ones, the
    /// served one, and the parents and bases of all these. Readers that have a deleted version open keep it.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="keep">How many, 1 or more.</param>
    /// <returns>The names of the deleted versions.</returns>
    ImmutableArray<string> Prune(string model, int keep);
}

/// <summary>A version that is being written. Disposing it without a commit deletes it.</summary>
public interface IStagedVersion : IDisposable
{
    /// <summary>The folder to write the files to.</summary>
    string Folder { get; }

    /// <summary>Makes the version visible, whole and durable.</summary>
    /// <exception cref="IOException">The folder holds no manifest, or one of another model or version.</exception>
    void Commit();
}

/// <summary>What a store knows of a version.</summary>
public sealed record StoredVersion
{
    /// <summary>The version's name.</summary>
    public required string Name { get; init; }

    /// <summary>The version that it was trained on from; null for a first one.</summary>
    public required string? Parent { get; init; }

    /// <summary>Of a delta, the full version that it lies over; null for a full one.</summary>
    public required string? Base { get; init; }

    /// <summary>The newest event time in its training data, Unix milliseconds.</summary>
    public required long TrainedThrough { get; init; }

    /// <summary>Why the gate refused it; null where it was accepted.</summary>
    public required string? Refusal { get; init; }

    /// <summary>Whether it is kept for ever.</summary>
    public required bool IsPinned { get; init; }

    /// <summary>Whether servers are pointed to it.</summary>
    public required bool IsServed { get; init; }

    /// <summary>Bytes of its files, the manifest apart.</summary>
    public required long Length { get; init; }
}
