namespace Ranking.Core;

/// <summary>Feature records by scope; empty where there are none.</summary>
public readonly record struct FeatureRecords(
    ReadOnlyMemory<byte> User, ReadOnlyMemory<byte> Context, ReadOnlyMemory<byte> Item, ReadOnlyMemory<byte> Pair)
{
    /// <summary>The record of a scope.</summary>
    public ReadOnlyMemory<byte> Of(FeatureScope scope) => scope switch
    {
        FeatureScope.User => User,
        FeatureScope.Context => Context,
        FeatureScope.Item => Item,
        _ => Pair,
    };
}

/// <summary>What the learner sees: an impression with its features and what has become known about its labels.</summary>
/// <remarks>One impression yields one example for each time at which task windows close.</remarks>
public sealed record Example
{
    /// <summary>The example's number in the order of emission, from 0.</summary>
    public required long Sequence { get; init; }

    /// <summary>The impression's event time, Unix milliseconds.</summary>
    public required long EventTime { get; init; }

    /// <summary>The position at which the item was shown, from 0; null where nobody said.</summary>
    public int? Position { get; init; }

    /// <summary>The impression: XXH3-128 of request and item.</summary>
    public required UInt128 Impression { get; init; }

    /// <summary>XXH3-64 of the user id, for metrics grouped by user.</summary>
    public required ulong User { get; init; }

    /// <summary>The raw features, as served.</summary>
    public required FeatureRecords Features { get; init; }

    /// <summary>Bit t: the outcome of task t has been seen (in its window).</summary>
    public required uint Labels { get; init; }

    /// <summary>Bit t: the label of task t is emitted with this example; others are masked in the loss.</summary>
    public required uint Observed { get; init; }

    /// <summary>The weight in the loss.</summary>
    public float Weight { get; init; } = 1;

    /// <summary>The probability with which sampling kept the impression.</summary>
    public float SamplingRate { get; init; } = 1;

    /// <summary>Whether the served record was missing and the features were completed from entity tables.</summary>
    public bool IsReconstructed { get; init; }

    /// <summary>
    /// The model's outputs as predicted at the impression's own place in the order, before its label was learned from;
    /// empty where there was no model yet.
    /// </summary>
    public ReadOnlyMemory<float> Predicted { get; init; }

    /// <summary>The tag of a data file (train, val, test); empty on live traffic.</summary>
    public string Split { get; init; } = "";
}
