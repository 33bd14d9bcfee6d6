using System.Collections.Immutable;
using System.Globalization;
using Ranking.Core;

namespace Ranking.Models;

/// <summary>What a version consists of, apart from where it comes from.</summary>
public sealed record ArtifactContent
{
    /// <summary>What the model is.</summary>
    public required ModelSpec Spec { get; init; }

    /// <summary>What it computes; <see cref="Architecture.Build"/> of the specification.</summary>
    public required ScoringGraph Graph { get; init; }

    /// <summary>What was fitted for its numeric features.</summary>
    public required ImmutableArray<NumericTransform> Transforms { get; init; }

    /// <summary>The numbers of each of the graph's parameters, row-major [rows, columns].</summary>
    public required IReadOnlyDictionary<string, float[]> Weights { get; init; }

    /// <summary>The tables that the graph's nodes name.</summary>
    public required IReadOnlyList<IEmbeddingSource> Tables { get; init; }

    /// <summary>Inputs with their scores.</summary>
    public required GoldenSet Golden { get; init; }
}

/// <summary>Writes versions. Equal content gives equal bytes in every file.</summary>
public static class ArtifactWriter
{
    /// <summary>Writes a version to an empty folder, the manifest last, all of it flushed to disk.</summary>
    /// <param name="folder">The folder; created if need be.</param>
    /// <param name="content">What the version consists of.</param>
    /// <param name="info">Where it comes from.</param>
    /// <exception cref="ArtifactException">Parts of the content do not fit each other; the message says which.</exception>
    public static ArtifactManifest Write(string folder, ArtifactContent content, ArtifactInfo info)
    {
        Directory.CreateDirectory(Path.Combine(folder, ArtifactFiles.Embeddings));
        Durable.Write(Path.Combine(folder, ArtifactFiles.Graph), ModelJson.Write(content.Graph));
        SafeTensors.Write(folder, content.Graph.Parameters, content.Weights);
        Durable.Write(Path.Combine(folder, ArtifactFiles.Golden), content.Golden.ToBytes());
        var tables = content.Graph.Nodes.OfType<TableNode>().GroupBy(node => node.Table).OrderBy(table => table.Key, StringComparer.Ordinal).ToArray();
        foreach (var table in tables)
        {
            EmbeddingFileWriter.Write(folder, SourceOf(table, content), Reserved(table, content.Spec.Schema));
        }

        Durable.FlushFolder(Path.Combine(folder, ArtifactFiles.Embeddings));
        IEnumerable<string> files =
        [
            ArtifactFiles.Graph, ArtifactFiles.Weights, ArtifactFiles.Golden,
            .. tables.SelectMany(table => new[] { ArtifactFiles.IndexOf(table.Key), ArtifactFiles.RowsOf(table.Key) }),
        ];
        var manifest = new ArtifactManifest
        {
            FormatVersion = ArtifactManifest.CurrentVersion,
            SchemaFingerprint = content.Spec.Schema.Fingerprint.ToString("x16", CultureInfo.InvariantCulture),
            Spec = content.Spec,
            Transforms = content.Transforms,
            Info = info,
            Files = [.. files.Order(StringComparer.Ordinal).Select(file => FileHashes.Of(folder, file))],
        };
        ManifestFile.Write(folder, manifest);
        return manifest;
    }

    /// <summary>Rounds the tables of a version that is not committed yet as its specification says.</summary>
    public static void RoundTables(string folder)
    {
        var manifest = ManifestFile.Read(folder);
        var graph = ModelJson.ReadGraph(File.ReadAllBytes(Path.Combine(folder, ArtifactFiles.Graph)));
        var paths = new HashSet<string>();
        foreach (var node in graph.Nodes.OfType<TableNode>().DistinctBy(node => node.Table))
        {
            if (manifest.Spec.TableOf(node).Precision is not RowPrecision.Float32 and var precision)
            {
                EmbeddingFileWriter.Round(folder, node.Table, precision);
                paths.Add(ArtifactFiles.RowsOf(node.Table));
            }
        }

        Durable.FlushFolder(Path.Combine(folder, ArtifactFiles.Embeddings));
        ManifestFile.Write(folder, manifest with { Files = [.. manifest.Files.Select(file => paths.Contains(file.Path) ? FileHashes.Of(folder, file.Path) : file)] });
    }

    /// <summary>Sets how a version that is not committed yet is scored in fewer bits than it was learned in.</summary>
    public static void SetQuantization(string folder, Quantization quantization) =>
        ManifestFile.Write(folder, ManifestFile.Read(folder) with { Quantization = quantization });

    /// <summary>Replaces what the gate said, in a version that is not committed yet.</summary>
    public static void SetGate(string folder, GateResult gate)
    {
        var manifest = ManifestFile.Read(folder);
        ManifestFile.Write(folder, manifest with { Info = manifest.Info with { Gate = gate } });
    }

    private static IEmbeddingSource SourceOf(IGrouping<string, TableNode> table, ArtifactContent content)
    {
        var source = content.Tables.FirstOrDefault(source => source.Name == table.Key)
            ?? throw new ArtifactException(ArtifactFiles.RowsOf(table.Key), "the graph reads this table, and it is not among those given.");
        return table.FirstOrDefault(node => node.Width != source.Dimension) is { } node
            ? throw new ArtifactException(
                ArtifactFiles.RowsOf(table.Key), $"its rows have {source.Dimension} numbers; feature {node.FeatureId} needs {node.Width}.")
            : source;
    }

    private static IEnumerable<(ulong Key, string Name)> Reserved(IEnumerable<TableNode> nodes, FeatureSchema schema)
    {
        foreach (var node in nodes)
        {
            var name = schema.Features[schema.SlotOf(node.FeatureId)].Name;
            yield return (KeyHash.Missing(node.FeatureId), $"a missing '{name}'");
            yield return (KeyHash.Unknown(node.FeatureId), $"an unknown '{name}'");
        }
    }
}
