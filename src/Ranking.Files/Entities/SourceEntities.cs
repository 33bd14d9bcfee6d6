using System.Security.Cryptography;
using Ranking.Core;

namespace Ranking.Files;

/// <summary>A job's users and items in memory, for impressions whose served record is missing.</summary>
public sealed class SourceEntities : IEntityTables
{
    private readonly EntityTable? users;
    private readonly EntityTable? items;

    private SourceEntities(EntityTable? users, EntityTable? items)
    {
        this.users = users;
        this.items = items;
        Hash = users is null && items is null ? default : SHA256.HashData([.. users?.ComputeHash() ?? [], .. items?.ComputeHash() ?? []]);
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Hash { get; }

    /// <summary>Reads the tables that are declared; without sources there are none.</summary>
    /// <param name="source">The declarations.</param>
    /// <param name="schema">The features.</param>
    /// <param name="fault">Told of rows that cannot be used.</param>
    /// <exception cref="TableException">A file is missing or lacks a column.</exception>
    public static SourceEntities Load(SourceSpec? source, FeatureSchema schema, Action<string> fault) => new(
        source?.Users is null ? null : EntityTable.Load(source, EntityKind.User, schema, fault),
        source?.Items is null ? null : EntityTable.Load(source, EntityKind.Item, schema, fault));

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> User(string userId) => users?.Find(userId) ?? default;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Item(string itemId) => items?.Find(itemId) ?? default;
}
