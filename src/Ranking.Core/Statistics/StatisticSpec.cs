using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Ranking.Core;

/// <summary>
/// One streaming statistic, whose value is the raw value of a numeric feature: a function of the events that came
/// strictly before an impression, less the lag, and that share its key.
/// </summary>
public sealed record StatisticSpec
{
    /// <summary>The numeric feature that carries the value.</summary>
    public required int FeatureId { get; init; }

    /// <summary>The ids of the categorical features whose values together are the key; empty counts over everything.</summary>
    public required ImmutableArray<int> Key { get; init; }

    /// <summary>What is computed.</summary>
    public required StatisticKind Kind { get; init; }

    /// <summary>The event: <see cref="Impression"/>, or the name of an outcome.</summary>
    public required string Event { get; init; }

    /// <summary>Of a rate, what its events are counted among; of <see cref="StatisticKind.Last"/>, what the outcomes belong to.</summary>
    public string? Among { get; init; }

    /// <summary>Of a share: the number that an event must carry more than.</summary>
    public double Above { get; init; }

    /// <summary>Which events count, by their age.</summary>
    public StatisticWindow Window { get; init; } = new(WindowKind.Ever, TimeSpan.Zero);

    /// <summary>
    /// How much later than its impression an event is seen; an outcome that comes later still is seen from its own place.
    /// </summary>
    public TimeSpan Lag { get; init; }

    /// <summary>A key that no event has touched for so long is as one never seen, and its memory is given back.</summary>
    public required TimeSpan Expire { get; init; }

    /// <summary>Of rates, means and shares: how many events at the parent's value are added. Above 0.</summary>
    public double Prior { get; init; } = 20;

    /// <summary>The key of the parent that a rate, mean or share is smoothed towards: empty is everything.</summary>
    public ImmutableArray<int> Parent { get; init; } = [];

    /// <summary>Of a logistic regression: the keys that have weights. Of its logit and deviation, <see cref="Key"/> is empty.</summary>
    public ImmutableArray<ImmutableArray<int>> Weights { get; init; } = [];

    /// <summary>Of a logistic regression: the variance of a weight before its first event. Above 0.</summary>
    public double WeightVariance { get; init; } = 0.05;

    /// <summary>Of a logistic regression: such variances for each of <see cref="Weights"/>; null is <see cref="WeightVariance"/> for all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<double>? WeightVariances { get; init; }

    /// <summary>
    /// Of <see cref="StatisticKind.Last"/>: which one, from 0, the newest. Of distinct counts: the feature counted. Of a
    /// logistic regression's weight: the key's place among <see cref="Weights"/>.
    /// </summary>
    public int Argument { get; init; }

    /// <summary>The name of the event that every impression is.</summary>
    public const string Impression = "impression";
}

/// <summary>What a statistic computes of the events in its window.</summary>
public enum StatisticKind : byte
{
    /// <summary>How many.</summary>
    Count = 0,

    /// <summary>How many of the events that they are counted among, smoothed: (n + s · p) / (m + s).</summary>
    Rate = 1,

    /// <summary>The standard error of the smoothed rate: √(p (1 − p) / (m + s)).</summary>
    RateError = 2,

    /// <summary>The sum of the numbers that the events carry.</summary>
    Sum = 3,

    /// <summary>The mean of the numbers that the events carry, smoothed.</summary>
    Mean = 4,

    /// <summary>The share of the events that carry more than a threshold, smoothed.</summary>
    Share = 5,

    /// <summary>Seconds since the newest; missing where there was none.</summary>
    Since = 6,

    /// <summary>Whether the n-th newest of the events that outcomes belong to had the outcome: 1 or 0; missing where there was none.</summary>
    Last = 7,

    /// <summary>How many different values of a feature the events had: linear counting (Whang et al., TODS 1990), to some 3,000.</summary>
    Distinct = 8,

    /// <summary>
    /// The logit that an online Bayesian logistic regression over <see cref="StatisticSpec.Weights"/> gives to the event,
    /// among those that it is counted among.
    /// </summary>
    Logistic = 9,

    /// <summary>The weight that the key's value has in such a regression; 0 for a value not seen.</summary>
    LogisticWeight = 10,

    /// <summary>The standard deviation of such a regression's logit: how little is known of the keys' values.</summary>
    LogisticDeviation = 11,
}

/// <summary>Which events count.</summary>
public enum WindowKind : byte
{
    /// <summary>All, alike.</summary>
    Ever = 0,

    /// <summary>All, each with the weight 2^(−age / length), evaluated when the statistic is read.</summary>
    Decay = 1,

    /// <summary>Those of the current period; periods begin at multiples of the length since 1970.</summary>
    Tumbling = 2,

    /// <summary>Those of the last length, in steps of a sixteenth of it.</summary>
    Sliding = 3,
}

/// <summary>Which events count, by their age.</summary>
/// <param name="Kind">How.</param>
/// <param name="Length">Half-life, period or span; zero for <see cref="WindowKind.Ever"/>.</param>
public readonly record struct StatisticWindow(WindowKind Kind, TimeSpan Length);
