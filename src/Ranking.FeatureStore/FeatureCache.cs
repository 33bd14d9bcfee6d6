using BitFaster.Caching;
using BitFaster.Caching.Lru;
using Ranking.Core;

namespace Ranking.FeatureStore;

/// <summary>
/// Records read lately, bounded in number and, by their group, in time. That there is no record is remembered too, for a shorter time;
/// that the store was unavailable is not.
/// </summary>
internal sealed class FeatureCache(RedisSettings settings)
{
    // The LRU splits its capacity in three and wants at least one in each part.
    private const int LeastCapacity = 3;

    private readonly ICache<FeatureKey, FeatureValue>? entries = settings.CacheEntries == 0 ? null
        : new ConcurrentLruBuilder<FeatureKey, FeatureValue>()
            .WithCapacity(Math.Max(LeastCapacity, settings.CacheEntries))
            .WithExpireAfter(new Lifetimes(settings.CacheFor, settings.CacheMissingFor, settings.CacheHistoryFor))
            .Build();

    public int Count => entries?.Count ?? 0;

    public bool TryGet(FeatureKey key, out FeatureValue value)
    {
        value = default;
        return entries is not null && entries.TryGet(key, out value);
    }

    public void Put(FeatureKey key, FeatureValue value)
    {
        if (value.Status != FeatureStatus.Unavailable)
        {
            entries?.AddOrUpdate(key, value);
        }
    }

    public void Forget(FeatureKey key) => entries?.TryRemove(key);

    private sealed class Lifetimes(TimeSpan found, TimeSpan missing, TimeSpan history) : IExpiryCalculator<FeatureKey, FeatureValue>
    {
        private readonly Duration found = Duration.FromTimeSpan(found);
        private readonly Duration missing = Duration.FromTimeSpan(missing);
        private readonly Duration history = Duration.FromTimeSpan(history);

        public Duration GetExpireAfterCreate(FeatureKey key, FeatureValue value) => Of(key, value);

        public Duration GetExpireAfterRead(FeatureKey key, FeatureValue value, Duration current) => current;

        public Duration GetExpireAfterUpdate(FeatureKey key, FeatureValue value, Duration current) => Of(key, value);

        // A history moves by the second: whether there is one is as old as what it says.
        private Duration Of(FeatureKey key, FeatureValue value) =>
            key.Group == FeatureGroup.History ? history : value.Status == FeatureStatus.Found ? found : missing;
    }
}
