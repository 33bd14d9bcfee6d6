using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Inference;

/// <summary>A version, compiled for serving on the CPU. Immutable and safe for any number of threads.</summary>
/// <remarks>
/// A candidate's scores have the same bits on every vector width, at every position and in every batch: each number of a
/// dense layer is a chain of fused multiply-adds, ascending over each scope's part, the parts added in the order user,
/// context, item, pair; exp and the logistic function are our own.
/// </remarks>
public sealed class ServingModel : IDisposable
{
    private readonly ModelArtifact artifact;
    private readonly CompiledGraph graph;
    private readonly VectorWidth width;

    private ServingModel(ModelArtifact artifact, VectorWidth width, long itemCacheBytes, ServingModel? before)
    {
        this.artifact = artifact;
        this.width = width;
        graph = new GraphCompiler(artifact, width, itemCacheBytes, before?.graph.Items?.Cache).Compile();
    }

    /// <summary>What the model is.</summary>
    public ModelSpec Spec => artifact.Spec;

    /// <summary>The version's name.</summary>
    public string Version => artifact.Version;

    /// <summary>The manifest of the version.</summary>
    public ArtifactManifest Manifest => artifact.Manifest;

    /// <summary>The outputs, in the order of <see cref="ScoringSession.Output"/>.</summary>
    public ImmutableArray<GraphOutput> Outputs => artifact.Graph.Outputs;

    /// <summary>Bytes of dense weights and of mapped tables.</summary>
    public long ResidentBytes => artifact.MappedLength + artifact.Weights.Values.Sum(values => (long)sizeof(float) * values.Length);

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

    /// <summary>Items whose part was found in the cache, and those for which it was computed, by all versions that share it.</summary>
    public (long Hits, long Misses) ItemReads => graph.Items is { } items ? (items.Cache.Hits, items.Cache.Misses) : default;

    /// <summary>An encoder of requests for this model; one for each thread.</summary>
    public FeatureEncoder CreateEncoder() => new(Spec.Schema, artifact.Transforms, serving: true);

    /// <summary>A session; one for each thread.</summary>
    public ScoringSession CreateSession() => new(graph, width);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var memory in graph.Owned)
        {
            memory.Dispose();
        }

        artifact.Dispose();
    }

    internal static ServingModel Load(ModelArtifact artifact, VectorWidth width, long itemCacheBytes = 0, ServingModel? before = null)
    {
        ServingModel? model = null;
        try
        {
            model = new ServingModel(artifact, width, itemCacheBytes, before);
            GoldenCheck.Run(model, artifact.Golden, artifact.Manifest.Quantization?.Tolerance ?? GoldenSet.Tolerance);
            return model;
        }
        catch
        {
            ((IDisposable?)model ?? artifact).Dispose();
            throw;
        }
    }
}
