using System.Collections.Immutable;

namespace Ranking.Events;

/// <summary>
/// A Bayesian logistic regression with one weight for each value of each key, each weight normal with a mean and a variance
/// of its own (Chapelle and Li, NIPS 2011, algorithm 3, one event at a time). The event that outcomes belong to is learned as
/// a negative when it becomes visible; the outcome, then or later, turns it into a positive: the gradient's other part,
/// y − p = −p + 1.
/// </summary>
/// <param name="places">The keys' places among those that a <see cref="KeyReader"/> reads.</param>
/// <param name="outcome">The number of the event that is predicted.</param>
/// <param name="among">The number of the event that it follows.</param>
/// <param name="lag">How much later than its impression an event is seen, in milliseconds.</param>
/// <param name="variance">Of a weight that nothing is known of.</param>
/// <param name="expire">How long a weight lives without events, in milliseconds.</param>
internal sealed class OnlineLogistic(ImmutableArray<int> places, int outcome, int among, long lag, double variance, long expire)
{
    // Of each weight its mean, and the precision that events have added to the prior's.
    private readonly KeyTable weights = new(2, expire);

    /// <summary>Takes in what becomes visible after that lag.</summary>
    public void Fold(in StatisticEvent seen, long after, long time)
    {
        if (after != lag || (seen.Event != among && seen.Event != outcome))
        {
            return;
        }

        var isOutcome = seen.Event == outcome;
        var p = isOutcome ? 0 : Probability(seen.Keys, time);
        for (var i = 0; i < places.Length; i++)
        {
            var weight = weights.Touch(KeyOf(seen.Keys, i), time);
            weight[1] += p * (1 - p);
            weight[0] += VarianceOf(weight) * (isOutcome ? 1 : -p);
        }
    }

    /// <summary>The logit of the mean probability: a weight's uncertainty draws it to ½ (MacKay, Neural Computation 1992, eq. 18).</summary>
    public double Logit(ulong[] keys, long time)
    {
        var (mean, spread) = (0.0, 0.0);
        for (var i = 0; i < places.Length; i++)
        {
            var weight = weights.Read(KeyOf(keys, i), time);
            mean += weight.IsEmpty ? 0 : weight[0];
            spread += VarianceOf(weight);
        }

        return mean / Math.Sqrt(1 + (Math.PI / 8 * spread));
    }

    public void Write(EntryWriter writer) => weights.Write(writer);

    public void Read(EntryReader reader) => weights.Read(reader);

    private double Probability(ulong[] keys, long time) => 1 / (1 + Math.Exp(-Logit(keys, time)));

    private double VarianceOf(ReadOnlySpan<double> weight) => 1 / ((1 / variance) + (weight.IsEmpty ? 0 : weight[1]));

    // One table for all keys: equal hashes of different keys must differ.
    private ulong KeyOf(ulong[] keys, int i) => keys[places[i]] ^ ((ulong)(i + 1) * 0x9E3779B97F4A7C15);
}
