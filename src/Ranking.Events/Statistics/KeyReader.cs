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
        return KeysOf(0);
    }

    /// <summary>Takes in a request, whose candidates' keys are then given by <see cref="KeysOf"/>.</summary>
    public void Load(in RequestRecords request, long time) =>
        encoder.Encode(batch, time, request.User, request.Context, request.Items, request.Pairs);

    /// <summary>The keys of a candidate.</summary>
    public ulong[] KeysOf(int candidate)
    {
        var hashes = new ulong[keys.Length];
        for (var i = 0; i < hashes.Length; i++)
        {
            foreach (var column in keys[i])
            {
                hashes[i] = Mix(hashes[i] ^ FirstOf(column, column.Feature.Scope is FeatureScope.User or FeatureScope.Context ? 0 : candidate));
            }
        }

        return hashes;
    }

    private static ulong FirstOf(EncodedColumn column, int row)
    {
        var offsets = column.Offsets;
        return offsets[row] == offsets[row + 1] ? 0 : column.Keys[offsets[row]];
    }

    // Murmur3's finaliser.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 33)) * 0xFF51AFD7ED558CCD;
        value = (value ^ (value >> 33)) * 0xC4CEB9FE1A85EC53;
        return value ^ (value >> 33);
    }
}
