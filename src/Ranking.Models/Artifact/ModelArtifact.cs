using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Ranking.Core;

namespace Ranking.Models;

/// <summary>
/// A version on disk, checked and opened. Weights and embedding tables are mapped, not loaded; they end with it, or with the last delta
/// over it.
/// </summary>
public sealed class ModelArtifact : IDisposable
{
    private readonly FrozenDictionary<string, MappedEmbeddingTable> tables;
    private int owners = 1;

    private ModelArtifact(
        string folder, ArtifactManifest manifest, ScoringGraph graph, MappedWeights weights, GoldenSet golden,
        ModelArtifact? under, IEnumerable<MappedEmbeddingTable> own)
    {
        (Folder, Manifest, Graph, Weights, Golden, Base) = (folder, manifest, graph, weights, golden, under);
        tables = own.ToFrozenDictionary(table => table.Name, StringComparer.Ordinal);
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

    /// <summary>The numbers of each of the graph's parameters.</summary>
    public MappedWeights Weights { get; }

    /// <summary>Inputs with their scores.</summary>
    public GoldenSet Golden { get; }

    /// <summary>Of a delta, the full version that it lies over; else null.</summary>
    public ModelArtifact? Base { get; }

    /// <summary>Bytes of all mapped tables, a base's among them.</summary>
    public long MappedLength => tables.Values.Sum(table => table.Length) + (Base?.MappedLength ?? 0);

    /// <summary>The tables that it has rows of its own in: of a full version, all.</summary>
    public IEnumerable<MappedEmbeddingTable> OwnTables => tables.Values;

    /// <summary>The embedding table of that name, which a node of the graph has.</summary>
    public MappedEmbeddingTable Table(string name) => tables.GetValueOrDefault(name) ?? Base!.Table(name);

    /// <summary>The folder of a version, and that of its base where it is a delta.</summary>
    /// <exception cref="ArtifactException">A manifest is missing or damaged.</exception>
    public static ImmutableArray<string> FoldersOf(string folder) =>
        ManifestFile.Read(folder).Base is { } under ? [folder, FolderOf(under, folder)] : [folder];

    /// <summary>The files of a version and of the base of a delta, as the manifests have them, each with its folder: for <see cref="FileHashes.Verify"/>.</summary>
    /// <exception cref="ArtifactException">A manifest is missing or damaged.</exception>
    public static ImmutableArray<(string Folder, ArtifactFile File)> FilesOf(string folder) =>
        [.. FoldersOf(folder).SelectMany(of => ManifestFile.Read(of).Files, (of, file) => (of, file))];

    /// <summary>Opens a version; of a delta, its base with it.</summary>
    /// <param name="folder">Its folder; a delta's base stands beside it.</param>
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

        if (manifest.Base is { } wanted)
        {
            using var under = Open(FolderOf(wanted, folder), check);
            return OpenDelta(folder, manifest, under, check)
                ?? throw new ArtifactException(ArtifactFiles.Manifest, $"is of a delta over another '{wanted.Version}' than the one that stands beside it.");
        }

        Verify(folder, manifest, check);
        var graph = ModelJson.ReadGraph(File.ReadAllBytes(Path.Combine(folder, ArtifactFiles.Graph)));
        var golden = ReadGolden(folder);
        var own = Map(folder, graph.Nodes.OfType<TableNode>().Select(node => node.Table).Distinct());
        try
        {
            return new ModelArtifact(folder, manifest, graph, new MappedWeights(folder, graph.Parameters), golden, null, own);
        }
        catch
        {
            own.ForEach(table => table.Dispose());
            throw;
        }
    }

    /// <summary>
    /// Opens a delta over its base, of which nothing is read again: only the chunks that changed are hashed. Null where the
    /// version is full, or lies over another.
    /// </summary>
    /// <param name="folder">The delta's folder.</param>
    /// <param name="under">A full version; the delta holds it until it is disposed.</param>
    /// <param name="check">How closely the delta's files are looked at.</param>
    /// <exception cref="ArtifactException">It cannot be used; the message names the file and the reason.</exception>
    public static ModelArtifact? OpenDelta(string folder, ModelArtifact under, ArtifactCheck check = ArtifactCheck.Hashes) =>
        OpenDelta(folder, ManifestFile.Read(folder), under, check);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref owners) > 0)
        {
            return;
        }

        foreach (var table in tables.Values)
        {
            table.Dispose();
        }

        if (Base is { } under)
        {
            under.Dispose();
        }
        else
        {
            Weights.Dispose();
        }
    }

    private static ModelArtifact? OpenDelta(string folder, ArtifactManifest manifest, ModelArtifact under, ArtifactCheck check)
    {
        if (manifest.Base is not { } wanted || wanted != new BaseVersion(under.Version, ManifestFile.HashOf(under.Manifest)))
        {
            return null;
        }

        Verify(folder, manifest, check);
        var names = manifest.Files.Select(file => file.Path).ToHashSet();
        var golden = ReadGolden(folder);
        var own = Map(folder, under.tables.Keys.Where(name => names.Contains(ArtifactFiles.RowsOf(name))), under);
        Interlocked.Increment(ref under.owners);
        // What it has in common with its base is that one's, as it was when it was written: deltas come by the second, and what
        // outlives a second the collector copies.
        var differing = under.Manifest with { Base = wanted, Info = manifest.Info, Files = manifest.Files };
        return new ModelArtifact(folder, differing, under.Graph, under.Weights, golden, under, own);
    }

    private static GoldenSet ReadGolden(string folder) => GoldenSet.Read(File.ReadAllBytes(Path.Combine(folder, ArtifactFiles.Golden)));

    private static void Verify(string folder, ArtifactManifest manifest, ArtifactCheck check)
    {
        foreach (var file in manifest.Files)
        {
            FileHashes.Verify(folder, file, check);
        }
    }

    private static string FolderOf(BaseVersion under, string folder) => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(folder))!, under.Version);

    private static List<MappedEmbeddingTable> Map(string folder, IEnumerable<string> names, ModelArtifact? under = null)
    {
        var mapped = new List<MappedEmbeddingTable>();
        try
        {
            foreach (var name in names)
            {
                mapped.Add(new MappedEmbeddingTable(folder, name, under?.Table(name)));
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
