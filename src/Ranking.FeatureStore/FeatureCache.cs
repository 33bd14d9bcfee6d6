using BitFaster.Caching;
using BitFaster.Caching.Lru;
using Ranking.Core;

namespace Ranking.FeatureStore;

/// <summary>
/// Records read lately, bounded in number and, by their group, in time. That there is no record is remembered too, for a shorter time;
/// that the store was unavailable is not.
/// </summary>
/// <remarks>
/// A record that is read again when its time is up, and is the same, stays where it is: new ones by the thousand a second,
/// each as long-lived as the last, had every collection copy them, 70 ms in which nothing was answered.
/// </remarks>
internal sealed class FeatureCache(RedisSettings settings, TimeProvider time)
{
    // The LRU splits its capacity in three and wants at least one in each part.
    private const int LeastCapacity = 3;

    private readonly ICache<FeatureKey, Entry>? entries = settings.CacheEntries == 0 ? null
        : new ConcurrentLruBuilder<FeatureKey, Entry>().WithCapacity(Math.Max(LeastCapacity, settings.CacheEntries)).Build();

    /// <summary>Records there are, those whose time is up among them.</summary>
    public int Count => entries?.Count ?? 0;

    /// <summary>The time, for <see cref="TryGet"/> and <see cref="Put"/>.</summary>
    public long Now => time.GetTimestamp();

    public bool TryGet(FeatureKey key, long now, out FeatureValue value)
    {
        value = default;
        if (entries is null || !entries.TryGet(key, out var entry) || Volatile.Read(ref entry.Ends) <= now)
        {
            return false;
        }

        value = entry.Value;
        return true;
    }

    public void Put(FeatureKey key, FeatureValue value, long now)
    {
        if (entries is null || value.Status == FeatureStatus.Unavailable)
        {
            return;
        }

        var ends = now + (long)(LifetimeOf(key, value).TotalSeconds * time.TimestampFrequency);
        if (entries.TryGet(key, out var entry) && entry.Value.Status == value.Status && entry.Value.Record.Span.SequenceEqual(value.Record.Span))
        {
            Volatile.Write(ref entry.Ends, ends);
        }
        else
        {
            entries.AddOrUpdate(key, new Entry(value) { Ends = ends });
        }
    }

    public void Forget(FeatureKey key) => entries?.TryRemove(key);

    // A history moves by the second: whether there is one is as old as what it says.
    private TimeSpan LifetimeOf(FeatureKey key, FeatureValue value) =>
        key.Group == FeatureGroup.History ? settings.CacheHistoryFor : value.Status == FeatureStatus.Found ? settings.CacheFor : settings.CacheMissingFor;

    private sealed class Entry(FeatureValue value)
    {
        public long Ends;

        public FeatureValue Value => value;
    }
}
