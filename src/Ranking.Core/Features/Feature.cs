using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Ranking.Core;

/// <summary>One declared feature.</summary>
public sealed record Feature
{
    /// <summary>The name by which formulas read the time of a request or impression, Unix milliseconds.</summary>
    public const string EventTimeFact = "event_time";

    /// <summary>
    /// The name by which formulas read the position, from 0, at which an impression's item was shown; missing where nobody
    /// said. Only train-only features may: a request is scored before its items have positions.
    /// </summary>
    public const string PositionFact = "position";

    /// <summary>Stable number of the feature, from 1; never reused for another one or another type.</summary>
    public required int Id { get; init; }

    /// <summary>The name in configuration and requests.</summary>
    public required string Name { get; init; }

    /// <summary>What its raw value is.</summary>
    public required FeatureKind Kind { get; init; }

    /// <summary>What its value belongs to.</summary>
    public required FeatureScope Scope { get; init; }

    /// <summary>The embedding table of its ids; several features may share one. Null for numeric features and sequences.</summary>
    public string? Table { get; init; }

    /// <summary>How a number becomes an input.</summary>
    public TransformKind Transform { get; init; }

    /// <summary>The vector that the transformed number becomes; null where the number itself is the input, and for ids.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NumericEmbedding? Embedding { get; init; }

    /// <summary>What a missing number becomes.</summary>
    public MissingRule Missing { get; init; }

    /// <summary>
    /// Where set, the value is computed by the encoder from <see cref="EventTimeFact"/>, <see cref="PositionFact"/> and the
    /// raw values of other features, and is in no record.
    /// </summary>
    public string? Derived { get; init; }

    /// <summary>False for a raw value that only derived features read and the model does not see.</summary>
    public bool IsInput { get; init; } = true;

    /// <summary>True for a feature (such as position) that the model sees in training only.</summary>
    public bool TrainOnly { get; init; }

    /// <summary>The raw value that a <see cref="TrainOnly"/> feature has when serving; null is missing.</summary>
    public string? ServeAs { get; init; }

    /// <summary>
    /// True for the user's or the item's own id as a feature: who knows the entity knows the value, also where no record
    /// has it. At most one in each of the scopes user and item.
    /// </summary>
    public bool IsEntityId { get; init; }

    /// <summary>The columns of a sequence; a sequence of other columns is another feature.</summary>
    public ImmutableArray<SequenceColumn> Columns { get; init; } = [];

    /// <summary>True for a number or sequence that past events give it: the join computes it, no table has it.</summary>
    public bool IsStatistic { get; init; }

    /// <summary>Whether its ids are embedded.</summary>
    public bool IsEmbedded => Kind != FeatureKind.Numeric;

    /// <summary>Whether something is fitted for it on examples before a model learns.</summary>
    public bool IsFitted => IsInput && !IsEmbedded && (Transform != TransformKind.None || Embedding is { Kind: NumericEmbeddingKind.Piecewise });

    /// <summary>Whether it has any number of values.</summary>
    public bool IsList => Kind is FeatureKind.List or FeatureKind.WeightedList;

    /// <summary>
    /// A column of this sequence as a feature of its ids. A column of a feature's values has that feature's id and with it
    /// its missing and its unknown row.
    /// </summary>
    public Feature PartOf(SequenceColumn column) => this with
    {
        Id = column.Kind == SequenceColumnKind.Feature ? column.FeatureId : Id,
        Name = $"{Name}.{column.Name}",
        Kind = FeatureKind.Categorical,
        Table = column.Table,
        Columns = [],
    };
}
