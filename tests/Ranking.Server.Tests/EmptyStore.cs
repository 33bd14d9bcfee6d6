using Ranking.Core;

namespace Ranking.Server.Tests;

/// <summary>A feature store that has nothing.</summary>
internal sealed class EmptyStore : IFeatureStore
{
    public ValueTask ReadAsync(ReadOnlyMemory<FeatureKey> keys, Memory<FeatureValue> values, CancellationToken cancellation) => default;

    public ValueTask WriteAsync(IReadOnlyList<KeyValuePair<FeatureKey, ReadOnlyMemory<byte>>> records, CancellationToken cancellation) => default;
}
