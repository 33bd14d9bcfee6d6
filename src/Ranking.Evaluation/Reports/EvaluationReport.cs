using System.Collections.Immutable;

namespace Ranking.Evaluation;

/// <summary>What a run found. JSON has the same names in snake case and the same order; what is not defined is null.</summary>
public sealed record EvaluationReport
{
    /// <summary>The version of this layout.</summary>
    public int FormatVersion { get; init; } = 2;

    /// <summary>The judged model.</summary>
    public required ModelIdentity Model { get; init; }

    /// <summary>The judged data.</summary>
    public required DataIdentity Data { get; init; }

    /// <summary>What is sampled where the data is large.</summary>
    public required SamplingReport Sampling { get; init; }

    /// <summary>The judged model against another version; null where none was named.</summary>
    public ComparisonReport? Comparison { get; init; }

    /// <summary>The judged model's results, then those of the version it is compared with, then each baseline's.</summary>
    public required ImmutableArray<ModelReport> Models { get; init; }

    /// <summary>The judged model's AUC less each other's, in pairs.</summary>
    public required ImmutableArray<DifferenceReport> Differences { get; init; }

    /// <summary>The judged model's results cut by the values of features.</summary>
    public required ImmutableArray<SliceReport> Slices { get; init; }

    /// <summary>What the judged model loses without the values of some features; null where it was not asked for.</summary>
    public ImportanceReport? Importance { get; init; }
}

/// <summary>Which model was judged.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version; null where it has none.</param>
/// <param name="Progressive">Whether each impression was predicted with the weights of its own moment.</param>
/// <param name="Architecture">Its network.</param>
/// <param name="SchemaFingerprint">The hash of its features, in hexadecimal.</param>
public sealed record ModelIdentity(string Name, string? Version, bool Progressive, string Architecture, string SchemaFingerprint);

/// <summary>Which data it was judged on.</summary>
/// <param name="Splits">The judged splits; empty is all.</param>
/// <param name="Impressions">How many impressions were judged.</param>
/// <param name="Unscored">How many more had no score and were left out.</param>
/// <param name="Reconstructed">How many of them had lost their served record.</param>
/// <param name="Users">Of how many users.</param>
/// <param name="From">The first impression's time.</param>
/// <param name="To">The last impression's time.</param>
public sealed record DataIdentity(
    ImmutableArray<string> Splits, int Impressions, int Unscored, int Reconstructed, int Users, DateTimeOffset From, DateTimeOffset To);

/// <summary>One model's results.</summary>
/// <param name="Name">The model's or baseline's name.</param>
/// <param name="Outputs">A result for each output that it has.</param>
/// <param name="Objectives">A result for each objective of the judged model whose outputs it has.</param>
public sealed record ModelReport(string Name, ImmutableArray<OutputReport> Outputs, ImmutableArray<ObjectiveReport> Objectives);

/// <summary>How figures that would take too long on all rows were made shorter.</summary>
/// <param name="Resamples">How many times users were drawn for an interval.</param>
/// <param name="ImportanceImpressions">On how many impressions, drawn at random, feature importance was measured; 0 for none.</param>
public sealed record SamplingReport(int Resamples, int ImportanceImpressions);
