using System.Security.Cryptography;
using Ranking.Core;

namespace Ranking.Trainer.Tests;

/// <summary>The files of all versions with their hashes, manifests apart: those differ in log positions.</summary>
internal static class ArtifactHashes
{
    public static IReadOnlyList<string> Of(IModelStore store, string model) =>
    [
        .. from version in store.Versions(model)
           let folder = store.FolderOf(model, version.Name)
           from file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
           where Path.GetFileName(file) != "manifest.json"
           select $"{version.Name}/{Path.GetRelativePath(folder, file)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}",
    ];
}
