using System.Collections.Concurrent;
using Ranking.Core;
using StackExchange.Redis;

namespace Ranking.FeatureStore;

/// <summary>Feature records in Redis or a Redis Cluster, behind a bounded cache in the process.</summary>
public sealed class RedisFeatureStore : IFeatureStore, IAsyncDisposable
{
    /// <summary>The name under which the store reports to System.Diagnostics.Metrics.</summary>
    public const string MeterName = FeatureStoreMetrics.MeterName;

    // A reply that comes too late for its caller still fills the cache, up to this many read timeouts later.
    private const int LateReplies = 4;

    private readonly RedisSettings settings;
    private readonly RedisConnections connections;
    private readonly RedisKeys names;
    private readonly FeatureCache cache;
    private readonly FeatureStoreMetrics metrics;
    private readonly ConcurrentDictionary<FeatureKey, Flight> inFlight = new();

    private RedisFeatureStore(RedisSettings settings, RedisConnections connections)
    {
        this.settings = settings;
        this.connections = connections;
        names = new RedisKeys(settings.Namespace);
        cache = new FeatureCache(settings, TimeProvider.System);
        metrics = new FeatureStoreMetrics(() => cache.Count);
    }

    /// <summary>Statistics and sequences in the same Redis.</summary>
    public IHistoryStore History => new RedisHistoryStore(settings, connections, names);

    /// <summary>Connects. Returns also when no server answers yet: reads are unavailable until one does.</summary>
    /// <exception cref="ArgumentException">The settings are at fault; the message lists every fault.</exception>
    public static async Task<RedisFeatureStore> OpenAsync(RedisSettings settings)
    {
        var faults = settings.Validate();
        return faults.IsEmpty
            ? new RedisFeatureStore(settings, await RedisConnections.OpenAsync(settings).ConfigureAwait(false))
            : throw new ArgumentException(string.Join('\n', faults), nameof(settings));
    }

    /// <inheritdoc/>
    public ValueTask ReadAsync(ReadOnlyMemory<FeatureKey> keys, Memory<FeatureValue> values, CancellationToken cancellation)
    {
        var others = cache.Find(keys.Span, values.Span);
        metrics.CountReads("cache", keys.Length - others.Count);
        if (others.Count == 0)
        {
            return ValueTask.CompletedTask;
        }

        var waits = new List<(int Index, Flight Flight)>(others.Count);
        var own = Begin(keys.Span, others, waits);
        var asked = own.Asked;
        metrics.CountReads("store", asked);
        metrics.CountReads("shared", waits.Count - asked);
        if (own.Keys.Count > 0)
        {
            _ = own.RunAsync(connections, names, settings.ReadTimeout * LateReplies, metrics, Land);
        }

        return WaitAsync(waits, values, cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(IReadOnlyList<KeyValuePair<FeatureKey, ReadOnlyMemory<byte>>> records, CancellationToken cancellation)
    {
        var batch = connections.Next().CreateBatch();
        var writes = new Task[records.Count];
        for (var i = 0; i < writes.Length; i++)
        {
            writes[i] = batch.StringSetAsync(names.Of(records[i].Key), records[i].Value, new Expiration(settings.TimeToLive));
        }

        try
        {
            batch.Execute();
            await Task.WhenAll(writes).WaitAsync(settings.WriteTimeout, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            throw new FeatureStoreException($"{records.Count} records could not be written to Redis at {string.Join(", ", settings.Endpoints)}: {failure.GetBaseException().Message}; start it, or correct Endpoints (--redis) and the login", failure);
        }
        finally
        {
            foreach (var record in records)
            {
                cache.Forget(record.Key);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await connections.DisposeAsync().ConfigureAwait(false);
        metrics.Dispose();
    }

    /// <summary>Joins reads that are under way, and collects the rest in a batch of its own.</summary>
    private ReadBatch Begin(ReadOnlySpan<FeatureKey> keys, IReadOnlyList<int> others, List<(int Index, Flight Flight)> waits)
    {
        var own = new ReadBatch(others.Count);
        var now = cache.Now;
        foreach (var i in others)
        {
            var mine = new Flight(own, own.Keys.Count);
            var flight = inFlight.GetOrAdd(keys[i], mine);
            if (flight == mine)
            {
                // Another's flight may have landed since the first look.
                own.Add(keys[i], cache.TryGet(keys[i], now, out var landed) ? landed : null);
            }

            waits.Add((i, flight));
        }

        return own;
    }

    /// <summary>The cache has a value before its flight ends, so that no key is read twice.</summary>
    private void Land(ReadBatch batch, FeatureValue[] values)
    {
        var now = cache.Now;
        for (var i = 0; i < values.Length; i++)
        {
            cache.Put(batch.Keys[i], values[i], now);
            inFlight.TryRemove(batch.Keys[i], out _);
        }
    }

    private async ValueTask WaitAsync(List<(int Index, Flight Flight)> waits, Memory<FeatureValue> values, CancellationToken cancellation)
    {
        var batches = waits.Select(wait => wait.Flight.Batch).Distinct().Select(batch => (Task)batch.Completion);
        await Task.WhenAll(batches).WaitAsync(settings.ReadTimeout, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        var unavailable = 0;
        foreach (var (index, flight) in waits)
        {
            var value = flight.Batch.ValueOf(flight.Index);
            values.Span[index] = value;
            unavailable += value.Status == FeatureStatus.Unavailable ? 1 : 0;
        }

        metrics.CountReads("unavailable", unavailable);
    }

    private readonly record struct Flight(ReadBatch Batch, int Index);
}
