using Ranking.Core;

namespace Ranking.Standalone;

/// <summary>
/// What can be seen of users, items and requests, as feature records of a schema. A schema takes those that it names:
/// <c>user_id segment age_band interests</c>, <c>item_id category author price rating</c>, <c>tab</c>.
/// </summary>
public sealed class SimulatedFeatures
{
    /// <summary>The name of the one feature that a request brings along.</summary>
    internal const string Tab = "tab";

    private readonly FeatureSchema schema;
    private readonly FeatureRecordWriter writer;

    /// <param name="world">Whose users and items.</param>
    /// <param name="schema">Of the model that reads the records.</param>
    public SimulatedFeatures(SimulatedWorld world, FeatureSchema schema)
    {
        this.schema = schema;
        writer = new FeatureRecordWriter(schema.Fingerprint);
        Users = [.. world.Users.Select(UserRecord)];
        Items = [.. world.Items.Select(ItemRecord)];
        Tabs = [.. Enumerable.Range(0, SimulatedWorld.TabCount).Select(TabRecord)];
        Profiles =
        [
            .. world.Users.Select((user, i) => Profile(EntityKind.User, user.Id, Users[i])),
            .. world.Items.Select((item, i) => Profile(EntityKind.Item, item.Id, Items[i])),
        ];
    }

    /// <summary>The profiles of all users and items, for the feature store.</summary>
    public IReadOnlyList<KeyValuePair<FeatureKey, ReadOnlyMemory<byte>>> Profiles { get; }

    /// <summary>[users] their records.</summary>
    internal byte[][] Users { get; }

    /// <summary>[items] their records.</summary>
    internal byte[][] Items { get; }

    /// <summary>[tabs] the records of requests from there.</summary>
    internal byte[][] Tabs { get; }

    private static KeyValuePair<FeatureKey, ReadOnlyMemory<byte>> Profile(EntityKind kind, string id, byte[] record) =>
        new(new FeatureKey(kind, id, FeatureGroup.Profile), record);

    private byte[] UserRecord(SimulatedUser user)
    {
        writer.Clear();
        Write("user_id", FeatureScope.User, id => writer.Write(id, user.Id));
        Write("segment", FeatureScope.User, id => writer.Write(id, user.Segment));
        Write("age_band", FeatureScope.User, id => writer.Write(id, user.AgeBand));
        Write("interests", FeatureScope.User, id => writer.WriteList(id, user.Interests));
        return writer.ToArray();
    }

    private byte[] ItemRecord(SimulatedItem item)
    {
        writer.Clear();
        Write("item_id", FeatureScope.Item, id => writer.Write(id, item.Id));
        Write("category", FeatureScope.Item, id => writer.Write(id, item.Category));
        Write("author", FeatureScope.Item, id => writer.Write(id, item.Author));
        Write("price", FeatureScope.Item, id => writer.Write(id, item.Price));
        Write("rating", FeatureScope.Item, id => writer.Write(id, item.Rating));
        return writer.ToArray();
    }

    private byte[] TabRecord(int tab)
    {
        writer.Clear();
        Write(Tab, FeatureScope.Context, id => writer.Write(id, SimulatedWorld.TabName(tab)));
        return writer.ToArray();
    }

    private void Write(string name, FeatureScope scope, Action<int> write)
    {
        if (schema.Find(name) is { } feature && feature.Scope == scope)
        {
            write(feature.Id);
        }
    }
}
