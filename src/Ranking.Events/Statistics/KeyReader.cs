using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Events;

/// <summary>The keys of an impression: hashes of its features' values, as the encoder of training and serving makes them.</summary>
internal sealed class KeyReader
{
    private readonly FeatureEncoder encoder;
    private readonly EncodedBatch batch;
    private readonly Example[] row = new Example[1];
    private readonly ImmutableArray<ImmutableArray<EncodedColumn>> keys;

    /// <param name="schema">The features.</param>
    /// <param name="keys">The ids of each key's features.</param>
    public KeyReader(FeatureSchema schema, IEnumerable<ImmutableArray<int>> keys)
    {
        var wanted = keys.SelectMany(key => key).ToHashSet();
        var reading = new FeatureSchema(schema.Features.Select(feature => feature with { IsInput = wanted.Contains(feature.Id), TrainOnly = false }));
        encoder = new FeatureEncoder(reading, [], serving: false);
        batch = new EncodedBatch(reading);
        var columns = batch.Scopes.SelectMany(scope => scope.Columns).ToDictionary(column => column.Feature.Id);
        this.keys = [.. keys.Select(key => key.Select(feature => columns[feature]).ToImmutableArray())];
    }

    /// <summary>The key of each place, and of a list its first value's: the one that it is mainly about.</summary>
    public ulong[] Read(in FeatureRecords features, long eventTime)
    {
        row[0] = new Example { Sequence = 0, EventTime = eventTime, Impression = 0, User = 0, Features = features, Labels = 0, Observed = 0 };
        encoder.Encode(batch, row);
        var hashes = new ulong[keys.Length];
        for (var i = 0; i < hashes.Length; i++)
        {
            foreach (var column in keys[i])
            {
                hashes[i] = Mix(hashes[i] ^ (column.Keys.IsEmpty ? 0 : column.Keys[0]));
            }
        }

        return hashes;
    }

    // Murmur3's finaliser.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 33)) * 0xFF51AFD7ED558CCD;
        value = (value ^ (value >> 33)) * 0xC4CEB9FE1A85EC53;
        return value ^ (value >> 33);
    }
}
