using Ranking.Core;
using StackExchange.Redis;

namespace Ranking.FeatureStore;

/// <summary>
/// Names records in Redis: <c>namespace:u:ID:p</c>, with <c>u</c> or <c>i</c> for the entity and <c>p</c> for the group, or
/// <c>namespace:u:HASH:h:HISTORY</c> for what a history knows of an entity; what a history has beside entities stands under
/// <c>namespace:h:HISTORY</c>. The id is not wrapped in braces, so that a cluster spreads keys evenly.
/// </summary>
internal sealed class RedisKeys(string keyspace)
{
    /// <summary>Writes whose changes a server that fell behind still finds: some minutes of them.</summary>
    public const int KeptChanges = 1024;

    /// <summary>Parts that a history's attributes are spread over, so that no node of a cluster has all of them.</summary>
    public const int AttributeParts = 16;

    public RedisKey Of(FeatureKey key) => string.Concat(keyspace, EntityPart(key.Entity), key.Id, GroupPart(key));

    /// <summary>How far a history is written.</summary>
    public RedisKey HeadOf(string history) => $"{keyspace}:h:{history}";

    /// <summary>The changes of one write; a later write takes the place of one long ago.</summary>
    public RedisKey ChangesOf(string history, long number) => $"{keyspace}:h:{history}:c:{number % KeptChanges}";

    /// <summary>A part of a history's attributes, by a hash of the key.</summary>
    public RedisKey AttributesOf(string history, int part) => $"{keyspace}:h:{history}:a:{part}";

    private static string EntityPart(EntityKind entity) => entity == EntityKind.User ? ":u:" : ":i:";

    private static string GroupPart(FeatureKey key) => key.Group == FeatureGroup.Profile ? ":p" : ":h:" + key.History;
}
