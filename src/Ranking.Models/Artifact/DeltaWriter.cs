using Ranking.Core;

namespace Ranking.Models;

/// <summary>
/// Writes deltas: versions that lie over a full one and hold the rows of ids that have others since. Graph, weights, and the
/// rows for missing and unknown values, which like weights are everybody's, stay the base's.
/// </summary>
public static class DeltaWriter
{
    /// <summary>Writes a delta to an empty folder, the manifest last, all of it flushed to disk.</summary>
    /// <param name="folder">The folder, beside the base's; created if need be.</param>
    /// <param name="under">The full version that it lies over.</param>
    /// <param name="rows">All rows that are others than the base's; tables without any may be left out.</param>
    /// <param name="golden">Inputs with their scores.</param>
    /// <param name="info">Where it comes from.</param>
    /// <exception cref="ArtifactException">The rows do not fit the base; the message says which.</exception>
    public static ArtifactManifest Write(string folder, ModelArtifact under, IEnumerable<IEmbeddingSource> rows, GoldenSet golden, ArtifactInfo info)
    {
        Directory.CreateDirectory(Path.Combine(folder, ArtifactFiles.Embeddings));
        Durable.Write(Path.Combine(folder, ArtifactFiles.Golden), golden.ToBytes());
        List<string> files = [ArtifactFiles.Golden];
        foreach (var source in rows.Where(source => source.Count > 0))
        {
            RequireOfIds(source, under.Graph);
            EmbeddingFileWriter.Write(folder, source, [], under.Table(source.Name).Precision);
            files.AddRange([ArtifactFiles.IndexOf(source.Name), ArtifactFiles.RowsOf(source.Name)]);
        }

        Durable.FlushFolder(Path.Combine(folder, ArtifactFiles.Embeddings));
        var manifest = under.Manifest with
        {
            Base = new BaseVersion(under.Version, ManifestFile.HashOf(under.Manifest)),
            Info = info,
            Files = [.. files.Order(StringComparer.Ordinal).Select(file => FileHashes.Of(folder, file))],
        };
        ManifestFile.Write(folder, manifest);
        return manifest;
    }

    /// <summary>Replaces the golden scores of a delta that is not committed yet.</summary>
    public static void SetGolden(string folder, GoldenSet golden)
    {
        Durable.Write(Path.Combine(folder, ArtifactFiles.Golden), golden.ToBytes());
        var manifest = ManifestFile.Read(folder);
        ManifestFile.Write(folder, manifest with
        {
            Files = [.. manifest.Files.Select(file => file.Path == ArtifactFiles.Golden ? FileHashes.Of(folder, file.Path) : file)],
        });
    }

    // An item is kept by its ids: whether one of them is unknown, and what stands for it then, must not change below it.
    private static void RequireOfIds(IEmbeddingSource source, ScoringGraph graph)
    {
        var keys = new ulong[source.Count];
        source.CopyKeys(keys);
        foreach (var feature in graph.Nodes.OfType<TableNode>().Where(node => node.Table == source.Name).Select(node => node.FeatureId))
        {
            if (keys.Contains(KeyHash.Missing(feature)) || keys.Contains(KeyHash.Unknown(feature)))
            {
                throw new ArtifactException(
                    ArtifactFiles.RowsOf(source.Name), $"a delta has the row for a missing or unknown value of feature {feature}: it comes with a full version alone.");
            }
        }
    }
}
