using Ranking.Core;

namespace Ranking.Models;

/// <summary>A version in a hidden folder beside its place, which one rename makes visible.</summary>
internal sealed class StagedFolder(string staging, string final, string model, string version) : IStagedVersion
{
    public string Folder => staging;

    public void Commit()
    {
        var manifest = ManifestFile.Read(staging);
        if ((manifest.Spec.Name, manifest.Info.Version) != (model, version))
        {
            throw new ArtifactException(
                ArtifactFiles.Manifest, $"is of version '{manifest.Info.Version}' of model '{manifest.Spec.Name}'; '{version}' of '{model}' was staged.");
        }

        Durable.FlushFolder(staging);
        Directory.Move(staging, final);
        Durable.FlushFolder(Path.GetDirectoryName(final)!);
    }

    public void Dispose()
    {
        if (Directory.Exists(staging))
        {
            Directory.Delete(staging, recursive: true);
        }
    }
}
