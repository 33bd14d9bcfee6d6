namespace Ranking.Core;

/// <summary>What a feature's raw value is.</summary>
public enum FeatureKind : byte
{
    /// <summary>One id, as text or integer; embedded.</summary>
    Categorical = 1,

    /// <summary>One real number; transformed, not embedded.</summary>
    Numeric = 2,

    /// <summary>Any number of ids; the mean of their embeddings.</summary>
    List = 3,

    /// <summary>Any number of ids, each with a weight; the weighted mean of their embeddings.</summary>
    WeightedList = 4,

    /// <summary>Any number of entries, the newest first, with aligned columns of ids; embedded column by column and attended to.</summary>
    Sequence = 5,
}
