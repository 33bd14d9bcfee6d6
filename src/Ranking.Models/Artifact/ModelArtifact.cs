using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Ranking.Core;

namespace Ranking.Models;

/// <summary>A version on disk, checked and opened. Embedding tables are mapped, not loaded; they end with it.</summary>
public sealed class ModelArtifact : IDisposable
{
    private readonly FrozenDictionary<string, MappedEmbeddingTable> tables;

    private ModelArtifact(
        string folder, ArtifactManifest manifest, ScoringGraph graph, IReadOnlyDictionary<string, float[]> weights, GoldenSet golden,
        IEnumerable<MappedEmbeddingTable> tables)
    {
        (Folder, Manifest, Graph, Weights, Golden) = (folder, manifest, graph, weights, golden);
        this.tables = tables.ToFrozenDictionary(table => table.Name, StringComparer.Ordinal);
    }

    /// <summary>Where it stands.</summary>
    public string Folder { get; }

    /// <summary>The manifest.</summary>
    public ArtifactManifest Manifest { get; }

    /// <summary>The version's name.</summary>
    public string Version => Manifest.Info.Version;

    /// <summary>What the model is.</summary>
    public ModelSpec Spec => Manifest.Spec;

    /// <summary>What was fitted for its numeric features.</summary>
    public ImmutableArray<NumericTransform> Transforms => Manifest.Transforms;

    /// <summary>What it computes.</summary>
    public ScoringGraph Graph { get; }

    /// <summary>The numbers of each of the graph's parameters, row-major [rows, columns].</summary>
    public IReadOnlyDictionary<string, float[]> Weights { get; }

    /// <summary>Inputs with their scores.</summary>
    public GoldenSet Golden { get; }

    /// <summary>Bytes of all mapped tables.</summary>
    public long MappedLength => tables.Values.Sum(table => table.Length);

    /// <summary>The embedding table of that name, which a node of the graph has.</summary>
    public MappedEmbeddingTable Table(string name) => tables[name];

    /// <summary>Opens a version.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="check">How closely its files are looked at.</param>
    /// <exception cref="ArtifactException">It cannot be used; the message names the file and the reason.</exception>
    public static ModelArtifact Open(string folder, ArtifactCheck check = ArtifactCheck.Hashes)
    {
        var manifest = ManifestFile.Read(folder);
        var fingerprint = manifest.Spec.Schema.Fingerprint.ToString("x16", CultureInfo.InvariantCulture);
        if (manifest.SchemaFingerprint != fingerprint)
        {
            throw new ArtifactException(
                ArtifactFiles.Manifest, $"the schema's fingerprint is {fingerprint} in this build and {manifest.SchemaFingerprint} in the one that wrote it.");
        }

        foreach (var file in manifest.Files)
        {
            FileHashes.Verify(folder, file, check);
        }

        var graph = ModelJson.ReadGraph(File.ReadAllBytes(Path.Combine(folder, ArtifactFiles.Graph)));
        var weights = SafeTensors.Read(folder, graph.Parameters);
        var golden = GoldenSet.Read(File.ReadAllBytes(Path.Combine(folder, ArtifactFiles.Golden)));
        return new ModelArtifact(folder, manifest, graph, weights, golden, Map(folder, graph));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var table in tables.Values)
        {
            table.Dispose();
        }
    }

    private static List<MappedEmbeddingTable> Map(string folder, ScoringGraph graph)
    {
        var mapped = new List<MappedEmbeddingTable>();
        try
        {
            foreach (var name in graph.Nodes.OfType<TableNode>().Select(node => node.Table).Distinct())
            {
                mapped.Add(new MappedEmbeddingTable(folder, name));
            }

            return mapped;
        }
        catch
        {
            mapped.ForEach(table => table.Dispose());
            throw;
        }
    }
}
