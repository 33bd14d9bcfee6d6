using System.Collections.Immutable;
using System.Text;
using Ranking.Core;

namespace Ranking.Models;

/// <summary>
/// A model store in a folder: <c>MODEL/VERSION/</c> with the version's files, <c>MODEL/served</c> with the name of the
/// served version, <c>MODEL/pins</c> with the pinned ones, <c>MODEL/.staging-VERSION/</c> while one is written.
/// </summary>
/// <param name="root">The folder; it need not exist.</param>
public sealed class FolderModelStore(string root) : IModelStore
{
    private const string ServedFile = "served";
    private const string PinsFile = "pins";
    private const string StagingPrefix = ".staging-";

    /// <inheritdoc/>
    public ImmutableArray<string> Models() => Folders(root);

    /// <inheritdoc/>
    public ImmutableArray<StoredVersion> Versions(string model)
    {
        var (served, pins) = (Served(model), Pins(model));
        return
        [
            .. Folders(ModelFolder(model))
                .Where(name => File.Exists(Path.Combine(ModelFolder(model), name, ArtifactFiles.Manifest)))
                .Select(name => Stored(ManifestFile.Read(FolderOf(model, name)), name == served, pins.Contains(name)))
                .OrderBy(version => version.TrainedThrough).ThenBy(version => version.Name, StringComparer.Ordinal),
        ];
    }

    /// <inheritdoc/>
    public string? Served(string model) => Lines(Path.Combine(ModelFolder(model), ServedFile)).FirstOrDefault();

    /// <inheritdoc/>
    public string FolderOf(string model, string version)
    {
        var folder = Path.Combine(ModelFolder(model), Checked(version));
        return File.Exists(Path.Combine(folder, ArtifactFiles.Manifest))
            ? folder
            : throw new IOException($"model '{model}' has no version '{version}' in {root}.");
    }

    /// <inheritdoc/>
    public IStagedVersion Stage(string model, string version)
    {
        var final = Path.Combine(ModelFolder(model), Checked(version));
        if (Directory.Exists(final))
        {
            throw new IOException($"model '{model}' already has a version '{version}' in {root}: versions are written once.");
        }

        var staging = Path.Combine(ModelFolder(model), StagingPrefix + version);
        if (Directory.Exists(staging))
        {
            Directory.Delete(staging, recursive: true);
        }

        Directory.CreateDirectory(staging);
        return new StagedFolder(staging, final, model, version);
    }

    /// <inheritdoc/>
    public void Promote(string model, string version)
    {
        if (ManifestFile.Read(FolderOf(model, version)).Info.Gate.Refusal is { } refusal)
        {
            throw new IOException($"version '{version}' of model '{model}' was refused by the gate: {refusal}");
        }

        Durable.Replace(Path.Combine(ModelFolder(model), ServedFile), Encoding.UTF8.GetBytes(version + "\n"));
    }

    /// <inheritdoc/>
    public void SetPinned(string model, string version, bool isPinned)
    {
        FolderOf(model, version);
        var pins = isPinned ? Pins(model).Add(version) : Pins(model).Remove(version);
        Durable.Replace(Path.Combine(ModelFolder(model), PinsFile), Encoding.UTF8.GetBytes(string.Concat(pins.Select(pin => pin + "\n"))));
    }

    /// <inheritdoc/>
    public ImmutableArray<string> Prune(string model, int keep)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        var versions = Versions(model);
        var kept = versions.Where(version => version.IsPinned || version.IsServed)
            .Concat(versions.GroupBy(version => (version.Refusal is null, version.Base is null)).SelectMany(alike => alike.TakeLast(keep)))
            .SelectMany(version => new[] { version.Name, version.Parent, version.Base })
            .ToHashSet();
        ImmutableArray<string> deleted = [.. versions.Select(version => version.Name).Where(name => !kept.Contains(name))];
        foreach (var name in deleted)
        {
            // Without its manifest the version is gone, even if deleting the rest is interrupted.
            File.Delete(Path.Combine(FolderOf(model, name), ArtifactFiles.Manifest));
            Directory.Delete(Path.Combine(ModelFolder(model), name), recursive: true);
        }

        return deleted;
    }

    private static StoredVersion Stored(ArtifactManifest manifest, bool isServed, bool isPinned) => new()
    {
        Name = manifest.Info.Version,
        Parent = manifest.Info.Parent,
        Base = manifest.Base?.Version,
        TrainedThrough = manifest.Info.TrainedThrough,
        Refusal = manifest.Info.Gate.Refusal,
        IsPinned = isPinned,
        IsServed = isServed,
        Length = manifest.Files.Sum(file => file.Length),
    };

    private static ImmutableArray<string> Folders(string folder) => Directory.Exists(folder)
        ? [.. Directory.GetDirectories(folder).Select(path => Path.GetFileName(path)).Where(name => name[0] != '.').Order(StringComparer.Ordinal)]
        : [];

    private static string[] Lines(string file) => File.Exists(file) ? File.ReadAllLines(file) : [];

    private static string Checked(string name) =>
        name.Length is > 0 and <= 128 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-') && name[0] != '.' && name is not (ServedFile or PinsFile)
            ? name
            : throw new IOException($"'{name}' is no name for a model or version: 1 to 128 letters, digits, '.', '_' and '-', not beginning with '.'.");

    private string ModelFolder(string model) => Path.Combine(root, Checked(model));

    private ImmutableSortedSet<string> Pins(string model) =>
        Lines(Path.Combine(ModelFolder(model), PinsFile)).ToImmutableSortedSet(StringComparer.Ordinal);
}
