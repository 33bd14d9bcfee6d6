using System.Collections.Immutable;

namespace Ranking.Events;

/// <summary>
/// A Bayesian logistic regression with one weight for each value of each key, each weight normal with a mean and a variance
/// of its own (Chapelle and Li, NIPS 2011, algorithm 3, one event at a time). The event that outcomes belong to is learned as
/// a negative when it becomes visible; the outcome, then or later, turns it into a positive: the gradient's other part,
/// y − p = −p + 1.
/// </summary>
/// <param name="places">The keys' places among those that a <see cref="KeyReader"/> reads.</param>
/// <param name="tables">For each key, where its weights are: of each its mean, and the precision that events have added to the prior's.</param>
/// <param name="outcome">The number of the event that is predicted.</param>
/// <param name="among">The number of the event that it follows.</param>
/// <param name="lag">How much later than its impression an event is seen, in milliseconds.</param>
/// <param name="variances">Of each key, the variance of a weight that nothing is known of.</param>
internal sealed class OnlineLogistic(
    ImmutableArray<int> places, ImmutableArray<KeyTable> tables, int outcome, int among, long lag, ImmutableArray<double> variances)
{
    private readonly FoldedRows own = new();

    /// <summary>Takes in what becomes visible after that lag.</summary>
    public void Fold(in StatisticEvent seen, long after, long time)
    {
        if (after != lag || (seen.Event != among && seen.Event != outcome))
        {
            return;
        }

        var isOutcome = seen.Event == outcome;
        var p = isOutcome ? 0 : Probability(own, seen.Keys, time);
        for (var i = 0; i < places.Length; i++)
        {
            var weight = tables[i].Touch(seen.Keys[places[i]], seen.Owners, time);
            weight[1] += p * (1 - p);
            weight[0] += VarianceOf(weight, i) * (isOutcome ? 1 : -p);
        }
    }

    /// <summary>The logit of the mean probability: a weight's uncertainty draws it to ½ (MacKay, Neural Computation 1992, eq. 18).</summary>
    public double Logit(IKeyRows rows, ulong[] keys, long time)
    {
        var (mean, variance) = (0.0, 0.0);
        for (var i = 0; i < places.Length; i++)
        {
            var weight = rows.Row(tables[i], keys[places[i]], time);
            mean += weight.IsEmpty ? 0 : weight[0];
            variance += VarianceOf(weight, i);
        }

        return mean / Math.Sqrt(1 + (Math.PI / 8 * variance));
    }

    /// <summary>The mean of the weight of one key's value; 0 where nothing is known of it.</summary>
    public double Weight(IKeyRows rows, ulong[] keys, int key, long time)
    {
        var weight = rows.Row(tables[key], keys[places[key]], time);
        return weight.IsEmpty ? 0 : weight[0];
    }

    /// <summary>The standard deviation of the sum of the weights.</summary>
    public double Deviation(IKeyRows rows, ulong[] keys, long time)
    {
        var variance = 0.0;
        for (var i = 0; i < places.Length; i++)
        {
            variance += VarianceOf(rows.Row(tables[i], keys[places[i]], time), i);
        }

        return Math.Sqrt(variance);
    }

    private double Probability(IKeyRows rows, ulong[] keys, long time) => 1 / (1 + Math.Exp(-Logit(rows, keys, time)));

    private double VarianceOf(ReadOnlySpan<double> weight, int i) => 1 / ((1 / variances[i]) + (weight.IsEmpty ? 0 : weight[1]));
}
