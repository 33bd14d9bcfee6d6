using Ranking.Core;
using StackExchange.Redis;

namespace Ranking.FeatureStore;

/// <summary>
/// Names records in Redis: <c>namespace:u:ID:p</c>, with <c>u</c> or <c>i</c> for the entity and <c>p</c> for the group.
/// The id is not wrapped in braces, so that a cluster spreads keys evenly.
/// </summary>
internal sealed class RedisKeys(string keyspace)
{
    public RedisKey Of(FeatureKey key) => string.Concat(keyspace, EntityPart(key.Entity), key.Id, GroupPart(key.Group));

    private static string EntityPart(EntityKind entity) => entity == EntityKind.User ? ":u:" : ":i:";

    private static string GroupPart(FeatureGroup group) => group switch
    {
        FeatureGroup.Profile => ":p",
        _ => throw new ArgumentOutOfRangeException(nameof(group), group, "a feature group without a letter of its own."),
    };
}
