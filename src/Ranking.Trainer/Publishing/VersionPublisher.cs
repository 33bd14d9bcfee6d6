using System.Collections.Immutable;
using System.Globalization;
using Ranking.Core;
using Ranking.Inference;
using Ranking.Learning;
using Ranking.Models;

namespace Ranking.Trainer;

/// <summary>
/// Writes what a learner has learned as a version, has the gate judge it, and points servers to it if it passes. A refused
/// version stays in the store with the reason on it.
/// </summary>
internal sealed class VersionPublisher(ModelSpec spec, IModelStore store, int keep)
{
    private readonly VersionGate gate = new(spec);

    /// <summary>Publishes; a version that the store has already (after a restart) is not written again.</summary>
    /// <param name="learner">What has been learned.</param>
    /// <param name="examples">The newest examples that were predicted before they were learned from, oldest first.</param>
    /// <param name="point">Where in the log the learner is.</param>
    public PublishedVersion Publish(Learner learner, IReadOnlyCollection<Example> examples, TrainingPoint point)
    {
        var version = point.Version;
        var versions = store.Versions(spec.Name);
        // Deltas come between versions: one version is compared with, and follows, another.
        var served = versions.Where(stored => stored.IsServed).Select(stored => stored.Base ?? stored.Name).FirstOrDefault();
        if (versions.FirstOrDefault(stored => stored.Name == version) is { } known)
        {
            // Whoever wrote it may have ended before servers were pointed to it.
            if (known.Refusal is null && served == known.Parent)
            {
                store.Promote(spec.Name, version);
            }

            return new PublishedVersion(version, known.Refusal is null ? [] : [known.Refusal], []);
        }

        using var staged = store.Stage(spec.Name, version);
        ArtifactWriter.Write(staged.Folder, ContentOf(learner, examples), new ArtifactInfo
        {
            Version = version,
            Parent = served,
            TrainedThrough = point.EventTime,
            Examples = point.Learned,
            Positions = point.Positions,
            Gate = new GateResult("not judged yet", ImmutableSortedDictionary<string, double>.Empty),
        });
        var verdict = NotFinite(learner) is { } fault
            ? new PublishedVersion(version, [fault], [])
            : Judge(version, staged.Folder, served, examples);
        ArtifactWriter.SetGate(staged.Folder, verdict.ToGateResult());
        staged.Commit();
        if (verdict.IsAccepted)
        {
            store.Promote(spec.Name, version);
        }

        store.Prune(spec.Name, keep);
        return verdict;
    }

    private ArtifactContent ContentOf(Learner learner, IReadOnlyCollection<Example> examples)
    {
        var rows = GoldenRows.Choose(spec.Schema, [.. examples.TakeLast(GoldenRows.FromExamples)]);
        var scores = new float[rows.Length * learner.Outputs.Length];
        learner.Predict([.. rows.Select(Unlabelled)], scores);
        return new ArtifactContent
        {
            Spec = spec,
            Graph = Architecture.Build(spec),
            Transforms = learner.Transforms,
            Weights = learner.Weights,
            Tables = learner.Embeddings,
            Golden = new GoldenSet(rows, [.. learner.Outputs.Select(output => output.Name)], [.. scores]),
        };
    }

    private static string? NotFinite(Learner learner) =>
        learner.Weights.Where(buffer => !Array.TrueForAll(buffer.Value, float.IsFinite)).Select(buffer => buffer.Key)
            .Concat(learner.Embeddings.Where(table => !IsFinite(table)).Select(table => $"table {table.Name}"))
            .Select(name => $"{name} is not finite")
            .FirstOrDefault();

    private static bool IsFinite(IEmbeddingSource table)
    {
        for (var place = 0; place < table.Count; place++)
        {
            foreach (var value in table.Row(place))
            {
                if (!float.IsFinite(value))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private PublishedVersion Judge(string version, string folder, string? served, IReadOnlyCollection<Example> examples)
    {
        try
        {
            using var candidate = ServingModel.Load(ModelArtifact.Open(folder));
            var verdict = Compare(version, candidate, served, examples);
            return spec.IsRounded
                ? verdict with { Reasons = [.. verdict.Reasons, .. new QuantizationGate(spec).Judge(folder, candidate, examples)] }
                : verdict;
        }
        catch (ArtifactException fault)
        {
            return new PublishedVersion(version, [fault.Message], []);
        }
    }

    private PublishedVersion Compare(string version, ServingModel candidate, string? served, IReadOnlyCollection<Example> examples)
    {
        if (served is null)
        {
            return gate.Judge(version, candidate.Outputs, examples, null, long.MinValue);
        }

        var artifact = ModelArtifact.Open(store.FolderOf(spec.Name, served));
        using var servedModel = ServingModel.Load(artifact);
        return gate.Judge(version, candidate.Outputs, examples, servedModel, artifact.Manifest.Info.TrainedThrough);
    }

    private static Example Unlabelled(GoldenRow row) => new()
    {
        Sequence = 0,
        EventTime = row.EventTime,
        Impression = UInt128.Zero,
        User = 0,
        Features = row.Features,
        Labels = 0,
        Observed = 0,
    };
}

/// <summary>Where in the log a learner is.</summary>
/// <param name="Run">The number of the training run, from 1: versions of one run continue each other.</param>
/// <param name="Learned">Examples learned from.</param>
/// <param name="EventTime">The newest event time learned from, Unix milliseconds.</param>
/// <param name="Positions">For each partition the first record not taken in.</param>
internal sealed record TrainingPoint(int Run, long Learned, long EventTime, ImmutableArray<LogPosition> Positions)
{
    /// <summary>The name of the version that is published there; those of a run ascend.</summary>
    public string Version => string.Create(CultureInfo.InvariantCulture, $"{RunPrefix}{Learned:D10}");

    /// <summary>What the names of the run's versions begin with.</summary>
    public string RunPrefix => string.Create(CultureInfo.InvariantCulture, $"{Run:D4}-");
}
