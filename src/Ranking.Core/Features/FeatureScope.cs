namespace Ranking.Core;

/// <summary>What a value belongs to. The order is the order in which a layer adds up its parts.</summary>
public enum FeatureScope : byte
{
    /// <summary>The user: one value a request, read from the feature store.</summary>
    User = 0,

    /// <summary>The request: one value a request, sent by the caller.</summary>
    Context = 1,

    /// <summary>The candidate: one value an item, read from the feature store.</summary>
    Item = 2,

    /// <summary>User and candidate together: one value a candidate, sent by the caller or derived.</summary>
    Pair = 3,
}
