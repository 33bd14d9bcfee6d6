using System.Collections.Immutable;

namespace Ranking.Core;

/// <summary>
/// One sequence of a user's past impressions or outcomes, whose value is the raw value of a sequence feature: a function
/// of the events that came strictly before an impression, less the lag. Its columns are the feature's.
/// </summary>
public sealed record SequenceSpec
{
    /// <summary>The feature of kind <see cref="FeatureKind.Sequence"/> that carries the value.</summary>
    public required int FeatureId { get; init; }

    /// <summary>What the entries are: <see cref="StatisticSpec.Impression"/>, or the name of an outcome.</summary>
    public required string Event { get; init; }

    /// <summary>How many entries are kept, the newest.</summary>
    public required int Last { get; init; }

    /// <summary>
    /// How much later than its impression an event is seen; an outcome that comes later still is seen from its own place.
    /// </summary>
    public TimeSpan Lag { get; init; }

    /// <summary>A user whom no entry has been added for so long is as one never seen, and the memory is given back.</summary>
    public required TimeSpan Expire { get; init; }

    /// <summary>The outcomes that an outcome column tells apart, by bit; at most 32.</summary>
    public ImmutableArray<string> Outcomes { get; init; } = [];
}
