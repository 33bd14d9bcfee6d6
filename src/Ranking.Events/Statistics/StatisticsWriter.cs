using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Events;

/// <summary>Puts the values of statistics into feature records. Not thread-safe.</summary>
internal sealed class StatisticsWriter(FeatureSchema schema, StatisticsPlan plan)
{
    private readonly FeatureRecordWriter writer = new(schema.Fingerprint);
    private readonly ImmutableArray<(int FeatureId, Func<IKeyRows, ulong[], long, double> Read)>[] byScope =
        [.. Enum.GetValues<FeatureScope>().Select(scope =>
            plan.Values.Where(value => schema.Features[schema.SlotOf(value.FeatureId)].Scope == scope).ToImmutableArray())];

    /// <summary>A record with the statistics of its scope in it, as of a time; those without a value are not.</summary>
    /// <param name="record">The record.</param>
    /// <param name="scope">Its scope.</param>
    /// <param name="rows">Where the numbers of a key are.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="time">The time, Unix milliseconds.</param>
    public ReadOnlyMemory<byte> Append(ReadOnlyMemory<byte> record, FeatureScope scope, IKeyRows rows, ulong[] keys, long time)
    {
        writer.GoOn(record.Span);
        foreach (var (featureId, read) in byScope[(int)scope])
        {
            var value = read(rows, keys, time);
            if (double.IsFinite(value))
            {
                writer.Write(featureId, value);
            }
        }

        return writer.ToArray();
    }
}
