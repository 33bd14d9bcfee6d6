using System.Globalization;

namespace Ranking.Core;

/// <summary>Whom a stored feature group belongs to.</summary>
public enum EntityKind : byte
{
    /// <summary>A user.</summary>
    User = 0,

    /// <summary>An item.</summary>
    Item = 1,
}

/// <summary>A group of features that one writer owns.</summary>
public enum FeatureGroup : byte
{
    /// <summary>Slowly changing attributes, written by the backend or by <c>ranking features load</c>: a feature record.</summary>
    Profile = 0,

    /// <summary>The state of the declared statistics and sequences, written by the model's trainer.</summary>
    History = 1,
}

/// <summary>Names one stored record.</summary>
/// <param name="Entity">Whom it belongs to.</param>
/// <param name="Id">The entity's id.</param>
/// <param name="Group">The group.</param>
/// <param name="History">Of <see cref="FeatureGroup.History"/>: whose declarations it follows; otherwise empty.</param>
public readonly record struct FeatureKey(EntityKind Entity, string Id, FeatureGroup Group, string History = "")
{
    /// <summary>The key of an entity's history: by a hash of the id, which is all that a fold over the log keeps of it.</summary>
    /// <param name="entity">Whom it belongs to.</param>
    /// <param name="owner"><see cref="LogEvent.EntityKey"/> of the id.</param>
    /// <param name="history">Whose declarations it follows.</param>
    public static FeatureKey OfHistory(EntityKind entity, ulong owner, string history) =>
        new(entity, owner.ToString("x16", CultureInfo.InvariantCulture), FeatureGroup.History, history);
}

/// <summary>Whether a read found a record.</summary>
public enum FeatureStatus : byte
{
    /// <summary>The store has no such record.</summary>
    Missing = 0,

    /// <summary>It has.</summary>
    Found = 1,

    /// <summary>The store did not answer in time.</summary>
    Unavailable = 2,
}

/// <summary>The outcome of reading one key.</summary>
public readonly record struct FeatureValue(FeatureStatus Status, ReadOnlyMemory<byte> Record);

/// <summary>Reads and writes feature records by entity.</summary>
public interface IFeatureStore
{
    /// <summary>
    /// Reads all keys in one round trip: one pipelined batch a shard, in parallel. Never throws for a store that is
    /// down or slow: those keys come back <see cref="FeatureStatus.Unavailable"/>.
    /// </summary>
    /// <param name="keys">The keys.</param>
    /// <param name="values">[keys] where the results go, in the keys' order.</param>
    /// <param name="cancellation">Ends the wait of this caller only.</param>
    ValueTask ReadAsync(ReadOnlyMemory<FeatureKey> keys, Memory<FeatureValue> values, CancellationToken cancellation);

    /// <summary>Writes records, each with the store's time to live.</summary>
    /// <exception cref="FeatureStoreException">The store did not take all of them; writing them again is safe.</exception>
    ValueTask WriteAsync(IReadOnlyList<KeyValuePair<FeatureKey, ReadOnlyMemory<byte>>> records, CancellationToken cancellation);
}

/// <summary>The store did not take what it was to write.</summary>
public sealed class FeatureStoreException(string message, Exception cause) : Exception(message, cause);
