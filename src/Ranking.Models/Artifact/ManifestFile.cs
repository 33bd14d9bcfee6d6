using System.Security.Cryptography;

namespace Ranking.Models;

/// <summary>Reads and writes <c>manifest.json</c>, which carries the hash of its own content.</summary>
internal static class ManifestFile
{
    private const string Format = "ranking.manifest";

    /// <summary>Replaces the folder's manifest, atomically and durably.</summary>
    public static void Write(string folder, ArtifactManifest manifest) =>
        Durable.Replace(Path.Combine(folder, ArtifactFiles.Manifest), BytesOf(manifest));

    /// <exception cref="ArtifactException">There is none, or it is damaged or of another format.</exception>
    public static ArtifactManifest Read(string folder)
    {
        var path = Path.Combine(folder, ArtifactFiles.Manifest);
        if (!File.Exists(path))
        {
            throw new ArtifactException(ArtifactFiles.Manifest, $"is not in {folder}: no version stands there.");
        }

        var bytes = File.ReadAllBytes(path);
        var read = CanonicalJson.Read(bytes, ArtifactJson.Default.SignedManifest, ArtifactFiles.Manifest);
        if (read.Format != Format || read.Manifest.FormatVersion != ArtifactManifest.CurrentVersion)
        {
            throw new ArtifactException(
                ArtifactFiles.Manifest,
                $"is '{read.Format}' {read.Manifest.FormatVersion}; this build reads '{Format}' {ArtifactManifest.CurrentVersion}.");
        }

        return bytes.AsSpan().SequenceEqual(BytesOf(read.Manifest))
            ? read.Manifest
            : throw new ArtifactException(ArtifactFiles.Manifest, "its content does not have the hash that it states.");
    }

    /// <summary>The hash of a manifest's canonical bytes.</summary>
    public static string HashOf(ArtifactManifest manifest) =>
        Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Write(manifest, ArtifactJson.Default.ArtifactManifest)));

    private static byte[] BytesOf(ArtifactManifest manifest) =>
        CanonicalJson.Write(new SignedManifest(Format, manifest, HashOf(manifest)), ArtifactJson.Default.SignedManifest);
}
