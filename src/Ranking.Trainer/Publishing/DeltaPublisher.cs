using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Inference;
using Ranking.Learning;
using Ranking.Models;

namespace Ranking.Trainer;

/// <summary>
/// Publishes what learning has changed of the ids' embeddings since the last version as a delta over that, and points servers
/// to it: embeddings follow the log by the second, weights by the version (Liu et al., Monolith: Real Time Recommendation
/// System With Collisionless Embedding Table, 2022, section 2.2). The gate does not judge deltas: they come where it accepted
/// the last version alone.
/// </summary>
internal sealed class DeltaPublisher(ModelSpec spec, IModelStore store, int keep) : IDisposable
{
    private ServingModel? served;

    /// <summary>
    /// Publishes; false where there is nothing to publish or nothing to publish it over: no version of this run is served or
    /// it is damaged, the gate refused a later one, or servers are past this point, as after a restart.
    /// </summary>
    /// <param name="learner">What has been learned.</param>
    /// <param name="point">Where in the log the learner is.</param>
    public bool Publish(Learner learner, TrainingPoint point)
    {
        var version = $"{point.Version}-delta";
        var versions = store.Versions(spec.Name);
        var last = versions.LastOrDefault(stored => stored.Base is null)?.Name;
        var now = versions.FirstOrDefault(stored => stored.IsServed);
        if (now is null || last != (now.Base ?? now.Name) || !last.StartsWith(point.RunPrefix, StringComparison.Ordinal) || string.CompareOrdinal(version, now.Name) <= 0)
        {
            return false;
        }

        if (versions.All(stored => stored.Name != version) && !TryWrite(learner, point, version, now.Name))
        {
            return false;
        }

        store.Promote(spec.Name, version);
        store.Prune(spec.Name, keep);
        return true;
    }

    public void Dispose() => served?.Dispose();

    private bool TryWrite(Learner learner, TrainingPoint point, string version, string servedVersion)
    {
        try
        {
            return Write(learner, point, version, Served(servedVersion));
        }
        catch (ArtifactException)
        {
            // What is served is damaged on disk. The next version comes in place of a delta; of a version, the gate says so.
            return false;
        }
    }

    private bool Write(Learner learner, TrainingPoint point, string version, ServingModel over)
    {
        var under = over.Artifact.Base ?? over.Artifact;
        var rows = learner.EmbeddingsSince(under.Manifest.Info.TrainedThrough).Select(touched => MovedEmbeddings.Of(touched, over.Artifact)).ToArray();
        if (rows.All(table => table.Count == 0) || rows.Any(table => !Array.TrueForAll(table.Rows, float.IsFinite)))
        {
            return false;
        }

        using var staged = store.Stage(spec.Name, version);
        DeltaWriter.Write(staged.Folder, under, rows, under.Golden, new ArtifactInfo
        {
            Version = version,
            Parent = under.Version,
            TrainedThrough = point.EventTime,
            Examples = point.Learned,
            Positions = point.Positions,
            Gate = new GateResult(null, ImmutableSortedDictionary<string, double>.Empty),
        });
        DeltaWriter.SetGolden(staged.Folder, over.TryScoreDelta(staged.Folder)!);
        staged.Commit();
        return true;
    }

    // The one before is let go after: what they share need not be opened again.
    private ServingModel Served(string version)
    {
        if (served?.Version != version)
        {
            var before = served;
            var folder = store.FolderOf(spec.Name, version);
            served = before?.TryLoadDelta(folder) ?? ServingModel.Load(ModelArtifact.Open(folder));
            before?.Dispose();
        }

        return served;
    }
}
