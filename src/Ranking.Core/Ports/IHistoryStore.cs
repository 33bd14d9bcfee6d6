namespace Ranking.Core;

/// <summary>The state of one key that belongs to no one user or item (an author, a tag, everything).</summary>
/// <param name="Table">The number of its table among those that the declarations give.</param>
/// <param name="Key">The key.</param>
/// <param name="State">Its state; empty where it has expired.</param>
public readonly record struct AttributeRow(int Table, ulong Key, ReadOnlyMemory<byte> State);

/// <summary>How far a history is written: everything up to it is in the store.</summary>
/// <param name="Number">Counts the writes of this history, from 1.</param>
/// <param name="Position">The place in the log.</param>
public readonly record struct HistoryHead(long Number, HistoryPosition Position);

/// <summary>What one write changed of the attributes.</summary>
/// <param name="Head">The write.</param>
/// <param name="Rows">The rows that it wrote.</param>
public sealed record AttributeChanges(HistoryHead Head, IReadOnlyList<AttributeRow> Rows);

/// <summary>
/// Statistics and sequences on their way from the trainer, the one writer of a history, to servers: what belongs to a user
/// or an item is read with the request's other features (<see cref="FeatureGroup.History"/>), what belongs to an attribute
/// is followed here. State is absolute, so writing it again is safe.
/// </summary>
/// <remarks>The one that claims a history last is its writer: the one before it is refused from then on.</remarks>
public interface IHistoryStore
{
    /// <summary>How far a history is written; null where nothing of it is.</summary>
    /// <exception cref="FeatureStoreException">The store does not answer.</exception>
    ValueTask<HistoryHead?> ReadHeadAsync(string history, CancellationToken cancellation);

    /// <summary>Takes a history over from whoever wrote it. One that is not there yet is its first writer's.</summary>
    /// <param name="history">Whose declarations it follows.</param>
    /// <param name="writer">Who writes it from now on: a number that no other writer has.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>How far it is written; null where nothing of it is.</returns>
    /// <exception cref="FeatureStoreException">The store does not answer.</exception>
    ValueTask<HistoryHead?> ClaimAsync(string history, long writer, CancellationToken cancellation);

    /// <summary>Writes entities and attributes, then the head.</summary>
    /// <param name="history">Whose declarations it follows.</param>
    /// <param name="writer">Who writes.</param>
    /// <param name="changes">The attributes, and the head; null where this is not the last part of what has changed.</param>
    /// <param name="entities">What belongs to users and items.</param>
    /// <param name="timeToLive">How long it lives without being written again.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="HistoryTakenException">Another writes this history; servers will not see this write's attributes as a whole.</exception>
    /// <exception cref="FeatureStoreException">The store did not take all of it.</exception>
    ValueTask WriteAsync(
        string history, long writer, AttributeChanges? changes, IReadOnlyList<KeyValuePair<FeatureKey, ReadOnlyMemory<byte>>> entities,
        TimeSpan timeToLive, CancellationToken cancellation);

    /// <summary>All attributes, of this head or a newer one; null where nothing is written.</summary>
    /// <exception cref="FeatureStoreException">The store does not answer.</exception>
    ValueTask<AttributeChanges?> ReadAttributesAsync(string history, CancellationToken cancellation);

    /// <summary>The writes after one, in their order; null where some are no longer there, and all attributes have to be read.</summary>
    /// <exception cref="FeatureStoreException">The store does not answer.</exception>
    ValueTask<IReadOnlyList<AttributeChanges>?> ReadChangesAsync(string history, long after, CancellationToken cancellation);
}
