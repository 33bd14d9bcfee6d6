using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ranking.Core;

namespace Ranking.Models;

/// <summary>What the gate said of a version.</summary>
/// <param name="Refusal">Why it must not be served; null where it may.</param>
/// <param name="Metrics">The figures that were judged.</param>
public sealed record GateResult(string? Refusal, ImmutableSortedDictionary<string, double> Metrics)
{
    /// <summary>Whether the version may be served.</summary>
    public bool IsAccepted => Refusal is null;
}

/// <summary>Where a version comes from.</summary>
public sealed record ArtifactInfo
{
    /// <summary>The version's name, given by whoever trains: a function of the log, never of the clock.</summary>
    public required string Version { get; init; }

    /// <summary>The version that it was trained on from; null for a first one.</summary>
    public string? Parent { get; init; }

    /// <summary>The newest event time in its training data, Unix milliseconds.</summary>
    public required long TrainedThrough { get; init; }

    /// <summary>How many examples it has learned from, its ancestors' included.</summary>
    public long Examples { get; init; }

    /// <summary>For each partition the first record that it has not seen, ascending by partition.</summary>
    public ImmutableArray<LogPosition> Positions { get; init; } = [];

    /// <summary>What the gate said.</summary>
    public required GateResult Gate { get; init; }
}

/// <summary>The version that a delta lies over.</summary>
/// <param name="Version">Its name; it stands beside the delta.</param>
/// <param name="Sha256">The hash of its manifest's canonical bytes, in lower-case hexadecimal.</param>
public sealed record BaseVersion(string Version, string Sha256);

/// <summary>A file of a version.</summary>
/// <param name="Path">Inside the version's folder, with slashes.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">The hashes of its chunks of <see cref="FileHashes.ChunkLength"/> bytes, in lower-case hexadecimal.</param>
public sealed record ArtifactFile(string Path, long Length, ImmutableArray<string> Sha256);

/// <summary>The manifest: written last, so that a version without one does not exist.</summary>
public sealed record ArtifactManifest
{
    /// <summary>The format that this build writes and reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Of the whole artifact.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>The schema's fingerprint, 16 hexadecimal digits.</summary>
    public required string SchemaFingerprint { get; init; }

    /// <summary>What the model is.</summary>
    public required ModelSpec Spec { get; init; }

    /// <summary>What was fitted for its numeric features.</summary>
    public required ImmutableArray<NumericTransform> Transforms { get; init; }

    /// <summary>How it is scored in fewer bits than it was learned in; null where it is not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Quantization? Quantization { get; init; }

    /// <summary>Of a delta, the version whose graph, weights and other rows it has; null for a full version.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BaseVersion? Base { get; init; }

    /// <summary>Where it comes from.</summary>
    public required ArtifactInfo Info { get; init; }

    /// <summary>All other files, ascending by path.</summary>
    public required ImmutableArray<ArtifactFile> Files { get; init; }
}

/// <summary>The content of <c>manifest.json</c>.</summary>
/// <param name="Format">The file's magic.</param>
/// <param name="Manifest">The manifest.</param>
/// <param name="Sha256">The hash of the manifest's canonical bytes.</param>
internal sealed record SignedManifest(string Format, ArtifactManifest Manifest, string Sha256);
