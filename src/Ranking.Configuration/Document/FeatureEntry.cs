using System.ComponentModel.DataAnnotations;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Configuration;

/// <summary>One or many features.</summary>
internal sealed record FeatureEntry
{
    /// <summary>The features' names; <c>age_{0..9}</c> stands for ten.</summary>
    public required List<string> Names { get; init; }

    /// <summary>The stable number of a single feature. Without it, the number is a hash of name and kind.</summary>
    [Range(1, FeatureIds.LastExplicit)]
    public int? Id { get; init; }

    /// <summary>What the value belongs to; a derived feature's follows from what it reads.</summary>
    public FeatureScope? Scope { get; init; }

    /// <summary>What the raw value is.</summary>
    public FeatureKind Kind { get; init; } = FeatureKind.Categorical;

    /// <summary>The embedding table; one of the feature's own name where not given.</summary>
    public string? Table { get; init; }

    /// <summary>Numbers a row of the embedding table.</summary>
    [Range(1, 1024)]
    public int? Dim { get; init; }

    /// <summary>How a number becomes an input; standard where not given.</summary>
    public TransformKind? Transform { get; init; }

    /// <summary>The vector that a transformed number becomes; the number itself is the input where not given.</summary>
    public NumericEmbeddingEntry? Embed { get; init; }

    /// <summary>What a missing number becomes.</summary>
    public MissingRule? Missing { get; init; }

    /// <summary>An expression over event_time (Unix milliseconds), position (from 0; train-only features alone) and other features, in place of a raw value.</summary>
    public string? Derived { get; init; }

    /// <summary>False for a raw value that only derived features read.</summary>
    public bool Input { get; init; } = true;

    /// <summary>True for a feature that the model sees in training only, such as one derived from position.</summary>
    public bool TrainOnly { get; init; }

    /// <summary>The raw value of a train-only feature when serving; missing where not given.</summary>
    public string? ServeAs { get; init; }

    /// <summary>The column of a single feature; the feature's name where not given.</summary>
    public string? Column { get; init; }

    /// <summary>The table that has the column; users or items by the scope where declared, else the log.</summary>
    public SourceTable? From { get; init; }

    /// <summary>What stands between a list's values; weights follow their value after a colon.</summary>
    public string Separator { get; init; } = ",";
}

/// <summary>The vector that a transformed number becomes.</summary>
internal sealed record NumericEmbeddingEntry
{
    /// <summary>How: piecewise is how far the number is through each of a row of bins between fitted quantiles, periodic the sines and cosines of learned frequencies.</summary>
    public required NumericEmbeddingKind Kind { get; init; }

    /// <summary>How many bins (piecewise); 16 where not given.</summary>
    [Range(1, 256)]
    public int? Bins { get; init; }

    /// <summary>How many frequencies (periodic); 16 where not given.</summary>
    [Range(1, 256)]
    public int? Frequencies { get; init; }

    /// <summary>The standard deviation of the frequencies before they are learned (periodic), turns per unit of the transformed number; 0.1 where not given.</summary>
    [Range(1e-4, 1e3)]
    public float? Deviation { get; init; }

    /// <summary>The width of a linear layer that follows, one for each feature; none where not given.</summary>
    [Range(1, 1024)]
    public int? Dim { get; init; }
}

/// <summary>Embedding tables that no entry describes.</summary>
internal sealed record EmbeddingSection
{
    /// <summary>Numbers a row.</summary>
    [Range(1, 1024)]
    public int Dim { get; init; } = 16;

    /// <summary>In what numbers a version's rows are: float32; float16, half the bytes; int8, a quarter of them and 4 bytes a row. A version of which any AUC falls by more than 0.0005 for it is refused.</summary>
    public RowPrecision Precision { get; init; }

    /// <summary>How many sightings give an id a row of its own; 1 admits at once.</summary>
    [Range(1, 255)]
    public int AdmitAfter { get; init; } = 1;

    /// <summary>How long, in event time, a row outlives its id's last sighting; for ever where not given.</summary>
    public TimeSpan? ExpireAfter { get; init; }

    /// <summary>L2 decay of a row in each batch that reads it, divided by how often its id has been read: rare ids are held most.</summary>
    [Range(0.0, 100.0)]
    public float FrequencyDecay { get; init; }

    /// <summary>The probability with which an id counts as unknown in training.</summary>
    [Range(0.0, 0.9)]
    public float IdDropout { get; init; }

    /// <summary>Whether all rows are forgotten before each further epoch, while the dense weights go on.</summary>
    public bool ResetEachEpoch { get; init; }
}

/// <summary>An embedding table; what it does not say is as in embedding.</summary>
internal sealed record TableEntry
{
    /// <summary>Numbers a row.</summary>
    [Range(1, 1024)]
    public int? Dim { get; init; }

    /// <summary>In what numbers a version's rows are: float32, float16 or int8.</summary>
    public RowPrecision? Precision { get; init; }

    /// <summary>How many sightings give an id a row of its own; 1 admits at once.</summary>
    [Range(1, 255)]
    public int? AdmitAfter { get; init; }

    /// <summary>How long, in event time, a row outlives its id's last sighting.</summary>
    public TimeSpan? ExpireAfter { get; init; }

    /// <summary>L2 decay of a row in each batch that reads it, divided by how often its id has been read.</summary>
    [Range(0.0, 100.0)]
    public float? FrequencyDecay { get; init; }

    /// <summary>The probability with which an id counts as unknown in training.</summary>
    [Range(0.0, 0.9)]
    public float? IdDropout { get; init; }

    /// <summary>Whether all rows are forgotten before each further epoch, while the dense weights go on.</summary>
    public bool? ResetEachEpoch { get; init; }

    /// <summary>Features of whose rows in the same example the mean is an admitted id's first row; random where not given.</summary>
    public List<string> InitFrom { get; init; } = [];
}
