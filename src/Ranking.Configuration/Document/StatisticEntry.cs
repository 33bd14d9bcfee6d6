using System.ComponentModel.DataAnnotations;
using Ranking.Core;

namespace Ranking.Configuration;

/// <summary>Streaming statistics: each measure under each key over each window is a numeric feature, KEY.MEASURE.WINDOW by name.</summary>
internal sealed record StatisticEntry
{
    /// <summary>The keys: categorical features, or several joined by '*', or a range of names as in feat{0..17}; all is everything together.</summary>
    public required List<string> By { get; init; }

    /// <summary>How many of an event: impression, or an outcome.</summary>
    public List<string> Count { get; init; } = [];

    /// <summary>Smoothed rates, as in click / impression.</summary>
    public List<string> Rate { get; init; } = [];

    /// <summary>Standard errors of smoothed rates, as in click / impression.</summary>
    public List<string> Error { get; init; } = [];

    /// <summary>Sums of the numbers that outcomes carry.</summary>
    public List<string> Sum { get; init; } = [];

    /// <summary>Smoothed means of the numbers that outcomes carry.</summary>
    public List<string> Mean { get; init; } = [];

    /// <summary>Smoothed shares of outcomes that carry more than a number, as in play > 7000.</summary>
    public List<string> Share { get; init; } = [];

    /// <summary>Seconds since the newest event: impression, or an outcome.</summary>
    public List<string> Since { get; init; } = [];

    /// <summary>Whether each of the newest events was followed by an outcome, as in click / impression.</summary>
    public List<string> Last { get; init; } = [];

    /// <summary>How many of the newest events last looks at.</summary>
    [Range(1, 32)]
    public int Length { get; init; } = 3;

    /// <summary>How many different values of a categorical feature the impressions had.</summary>
    public List<string> Distinct { get; init; } = [];

    /// <summary>Logits of online Bayesian logistic regressions with weights for all of the keys together, as in click / impression.</summary>
    public List<string> Logistic { get; init; } = [];

    /// <summary>Of logistic: the variance of a weight before its first event.</summary>
    [Range(1e-6, 100)]
    public double WeightVariance { get; init; } = 0.05;

    /// <summary>Of logistic: such variances of keys whose weights vary more or less than the others', by key.</summary>
    [Range(1e-6, 100)]
    public OrderedDictionary<string, double> WeightVariances { get; init; } = [];

    /// <summary>Of logistic: the keys whose weights are features too.</summary>
    public List<string> Weights { get; init; } = [];

    /// <summary>Of logistic: whether the logit's standard deviation is a feature too.</summary>
    public bool Deviation { get; init; }

    /// <summary>The windows: ever, decay HALF_LIFE, tumbling PERIOD or sliding SPAN, as in decay 7d.</summary>
    public List<string> Over { get; init; } = ["ever"];

    /// <summary>How much later than its impression an event is seen; an outcome is never seen before it happens.</summary>
    public TimeSpan Lag { get; init; }

    /// <summary>How long a key lives without events.</summary>
    public TimeSpan Expire { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Of rates, means and shares: how many events at the parent's value are added.</summary>
    [Range(0.001, 1e9)]
    public double Prior { get; init; } = 20;

    /// <summary>The key that rates, means and shares are smoothed towards, itself towards everything; everything where not given.</summary>
    public string? Toward { get; init; }

    /// <summary>How the numbers become inputs; standard, and log1p for counts, sums and times, where not given.</summary>
    public TransformKind? Transform { get; init; }

    /// <summary>What a missing number becomes.</summary>
    public MissingRule Missing { get; init; }
}
