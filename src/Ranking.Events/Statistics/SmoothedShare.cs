using System.Collections.Immutable;

namespace Ranking.Events;

/// <summary>What is divided by what, under one key.</summary>
internal sealed record ShareLevel(StatisticGroup Group, SumSlot Part, SumSlot Whole);

/// <summary>
/// A rate, share or mean, (n + s · p) / (m + s), smoothed towards that of the level above: the posterior mean under a beta
/// prior of mean p and size s (Gelman et al., Bayesian Data Analysis, 3rd edition, section 2.4). At the top, a share begins at ½ with the weight of one event.
/// </summary>
internal sealed class SmoothedShare(ImmutableArray<ShareLevel> levels, double prior, bool isShare)
{
    /// <summary>The smoothed value.</summary>
    public double Value(IKeyRows rows, ulong[] keys, long time) => Read(rows, keys, time).Value;

    /// <summary>Its standard error.</summary>
    public double Error(IKeyRows rows, ulong[] keys, long time)
    {
        var (value, size) = Read(rows, keys, time);
        return Math.Sqrt(Math.Max(0, value * (1 - value)) / size);
    }

    private (double Value, double Size) Read(IKeyRows rows, ulong[] keys, long time)
    {
        var (value, size) = (isShare ? 0.5 : 0, 1.0);
        for (var level = 0; level < levels.Length; level++)
        {
            var row = levels[level].Group.Row(rows, keys, time);
            var (part, whole) = (levels[level].Part.Read(row, time), levels[level].Whole.Read(row, time));
            var added = level == 0 ? 1 : prior;
            size = whole + added;
            value = (part + (added * value)) / size;
        }

        return (value, size);
    }
}
