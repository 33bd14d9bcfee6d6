using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Inference;

/// <summary>
/// A version, compiled for serving on the CPU; a delta shares what was compiled of its base, and what is kept of the items
/// that it changes nothing of. Immutable and safe for any number of threads.
/// </summary>
/// <remarks>
/// A candidate's scores have the same bits on every vector width, at every position and in every batch: each number of a
/// dense layer is a chain of fused multiply-adds, ascending over each scope's part, the parts added in the order user,
/// context, item, pair; exp and the logistic function are our own.
/// </remarks>
public sealed class ServingModel : IDisposable
{
    private readonly ModelArtifact artifact;
    private readonly VectorWidth width;

    private ServingModel(ModelArtifact artifact, VectorWidth width, CompiledGraph graph)
    {
        (this.artifact, this.width, Graph) = (artifact, width, graph);
        Tables = new VersionTables(artifact);
    }

    /// <summary>What it was compiled from; it ends with the model.</summary>
    public ModelArtifact Artifact => artifact;

    /// <summary>What the model is.</summary>
    public ModelSpec Spec => artifact.Spec;

    /// <summary>The version's name.</summary>
    public string Version => artifact.Version;

    /// <summary>The manifest of the version.</summary>
    public ArtifactManifest Manifest => artifact.Manifest;

    internal CompiledGraph Graph { get; }

    internal VersionTables Tables { get; }

    /// <summary>The outputs, in the order of <see cref="ScoringSession.Output"/>.</summary>
    public ImmutableArray<GraphOutput> Outputs => artifact.Graph.Outputs;

    /// <summary>Bytes of dense weights and of mapped tables.</summary>
    public long ResidentBytes => artifact.MappedLength + artifact.Weights.Length;

    /// <summary>
    /// The farthest that a golden score is from the learner's, as <see cref="GoldenSet.Deviation"/> measures it; NaN where one
    /// is not finite.
    /// </summary>
    public float GoldenDeviation => GoldenCheck.Deviation(this, artifact.Golden);

    /// <summary>Compiles a version and scores its golden inputs.</summary>
    /// <param name="artifact">The version; the model owns it from here on, and disposes it also where this throws.</param>
    /// <param name="itemCacheBytes">How much of what depends on items alone is kept, in bytes; 0 computes it for every candidate.</param>
    /// <param name="before">
    /// A version that it will stand in for, not disposed yet: the memory in which that one keeps items serves both, where their
    /// sizes agree.
    /// </param>
    /// <exception cref="ArtifactException">A golden score is off; the message names row, output, expected and found.</exception>
    public static ServingModel Load(ModelArtifact artifact, long itemCacheBytes = 0, ServingModel? before = null) =>
        Load(artifact, Machine.Widest, itemCacheBytes, before);

    /// <summary>Candidates scored whose item's part was found in the cache, and those for which it was computed, by all versions that share it.</summary>
    public (long Hits, long Misses) ItemReads => Graph.Items is { } items ? (items.Cache.Hits, items.Cache.Misses) : default;

    /// <summary>Whether it has the graph of another version: sessions of one can go over to the other.</summary>
    public bool SharesGraphWith(ServingModel other) => ReferenceEquals(Graph, other.Graph);

    /// <summary>
    /// A delta over the same full version as this one, or over this one. Null where the version is full, or lies over another.
    /// </summary>
    /// <param name="folder">The delta's folder.</param>
    /// <exception cref="ArtifactException">It cannot be used; the message names the file and the reason.</exception>
    public ServingModel? TryLoadDelta(string folder)
    {
        var model = TryOpenDelta(folder);
        return model is null ? null : Checked(model);
    }

    /// <summary>
    /// What a delta makes of the golden inputs in it: for the one who writes it, to replace the scores by. Null as in
    /// <see cref="TryLoadDelta"/>.
    /// </summary>
    /// <param name="folder">The delta's folder.</param>
    /// <exception cref="ArtifactException">It cannot be used; the message names the file and the reason.</exception>
    public GoldenSet? TryScoreDelta(string folder)
    {
        using var model = TryOpenDelta(folder);
        return model is null ? null : GoldenCheck.Rescored(model, model.artifact.Golden);
    }

    /// <summary>An encoder of requests for this model; one for each thread.</summary>
    /// <param name="items">What remembers the rows of items that were candidates lately; null encodes each anew.</param>
    public FeatureEncoder CreateEncoder(RowMemo? items = null) => new(Spec.Schema, artifact.Transforms, serving: true, items);

    /// <summary>A session; one for each thread.</summary>
    public ScoringSession CreateSession() => new(Graph, Tables, width);

    /// <inheritdoc/>
    public void Dispose()
    {
        Graph.Dispose();
        Tables.Dispose();
        artifact.Dispose();
    }

    internal static ServingModel Load(ModelArtifact artifact, VectorWidth width, long itemCacheBytes = 0, ServingModel? before = null)
    {
        ServingModel model;
        try
        {
            model = new ServingModel(artifact, width, new GraphCompiler(artifact, width, itemCacheBytes, before?.Graph.Items?.Cache).Compile());
        }
        catch
        {
            artifact.Dispose();
            throw;
        }

        return Checked(model);
    }

    private ServingModel? TryOpenDelta(string folder) =>
        ModelArtifact.OpenDelta(folder, artifact.Base ?? artifact) is { } delta ? new ServingModel(delta, width, Graph.Share()) : null;

    private static ServingModel Checked(ServingModel model)
    {
        try
        {
            GoldenCheck.Run(model, model.artifact.Golden, model.Manifest.Quantization?.Tolerance ?? GoldenSet.Tolerance);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
