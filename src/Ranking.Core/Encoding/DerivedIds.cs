using System.Collections.Immutable;

namespace Ranking.Core;

/// <summary>
/// The ids that derived categorical features give one impression after another: what the encoder hashes, so that they can
/// be kept. Not thread-safe.
/// </summary>
public sealed class DerivedIds
{
    private readonly RawRow row;
    private readonly ImmutableDictionary<int, DerivedValue> values;

    /// <param name="schema">The features.</param>
    /// <param name="featureIds">Those wanted; the ones that are not derived are left aside.</param>
    public DerivedIds(FeatureSchema schema, IEnumerable<int> featureIds)
    {
        row = new RawRow(schema);
        values = schema.Features.Where(feature => feature.Derived is not null && featureIds.Contains(feature.Id))
            .ToImmutableDictionary(feature => feature.Id, feature => new DerivedValue(schema, feature.Derived!));
    }

    /// <summary>Whether a feature is one of them.</summary>
    public bool Has(int featureId) => values.ContainsKey(featureId);

    /// <summary>Reads an impression's records.</summary>
    public void Load(in FeatureRecords features)
    {
        if (!values.IsEmpty)
        {
            row.Load(features);
        }
    }

    /// <summary>A feature's id for the impression that was loaded; null where missing.</summary>
    /// <param name="featureId">One of the features.</param>
    /// <param name="eventTime">The impression's time, Unix milliseconds.</param>
    public long? Of(int featureId, long eventTime)
    {
        var value = values[featureId].Evaluate(row, new RowFacts(eventTime, null));
        return double.IsFinite(value) ? (long)Math.Floor(value) : null;
    }
}
