using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace Ranking.Core;

/// <summary>All features of a model, in the order of their ids.</summary>
public sealed class FeatureSchema
{
    private readonly FrozenDictionary<string, Feature> byName;
    private readonly FrozenDictionary<int, int> slotById;

    /// <param name="features">The features; ids and names must be distinct.</param>
    /// <exception cref="ArgumentException">Two features share an id or a name.</exception>
    public FeatureSchema(IEnumerable<Feature> features)
    {
        Features = [.. features.OrderBy(feature => feature.Id)];
        byName = Features.ToFrozenDictionary(feature => feature.Name, StringComparer.Ordinal);
        slotById = Features.Select((feature, slot) => (feature.Id, slot)).ToFrozenDictionary(pair => pair.Id, pair => pair.slot);
        Fingerprint = ComputeFingerprint(Features);
    }

    /// <summary>The features, ascending by id. A feature's index here is its slot.</summary>
    public ImmutableArray<Feature> Features { get; }

    /// <summary>
    /// A hash of everything in the schema that changes what a record or an encoded value means; what a network makes of the
    /// value (<see cref="Feature.Embedding"/>) does not.
    /// </summary>
    public ulong Fingerprint { get; }

    /// <summary>The feature of that name, or null.</summary>
    public Feature? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>The index in <see cref="Features"/> of the feature with that id, or −1.</summary>
    public int SlotOf(int featureId) => slotById.TryGetValue(featureId, out var slot) ? slot : -1;

    private static ulong ComputeFingerprint(ImmutableArray<Feature> features)
    {
        var text = new StringBuilder();
        foreach (var feature in features)
        {
            text.Append(CultureInfo.InvariantCulture, $"{feature.Id}|{feature.Name}|{feature.Kind}|{feature.Scope}|{feature.Table}|")
                .Append(CultureInfo.InvariantCulture, $"{feature.Transform}|{feature.Missing}|{feature.Derived}|{feature.IsInput}|")
                .Append(CultureInfo.InvariantCulture, $"{feature.TrainOnly}|{feature.ServeAs}{(feature.IsStatistic ? "|statistic" : "")}")
                .AppendJoin("", feature.Columns.Select(column => $"|{column.Name} {column.Kind} {column.Table} {column.FeatureId}")).Append('\n');
        }

        return XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
