using Ranking.Core;
using StackExchange.Redis;

namespace Ranking.FeatureStore;

/// <summary>
/// A history in Redis: entities as values of their own, attributes as fields of a few hashes and, for those who follow, the
/// changes of each of the last writes as a value, and the head with its writer, which is written last and only where it
/// is still as it was before the write.
/// </summary>
internal sealed class RedisHistoryStore(RedisSettings settings, RedisConnections connections, RedisKeys names) : IHistoryStore
{
    // A write that is under way when attributes are read is awaited so often, so long.
    private const int Looks = 40;
    private static readonly TimeSpan betweenLooks = TimeSpan.FromMilliseconds(50);

    public async ValueTask<HistoryHead?> ReadHeadAsync(string history, CancellationToken cancellation)
    {
        var value = await ReadHeadValueAsync(history, cancellation).ConfigureAwait(false);
        return value.IsEmpty ? null : AttributeCodec.Head(value.Span);
    }

    public async ValueTask<HistoryHead?> ClaimAsync(string history, long writer, CancellationToken cancellation)
    {
        while (await ReadHeadValueAsync(history, cancellation).ConfigureAwait(false) is { IsEmpty: false } found)
        {
            var head = AttributeCodec.Head(found.Span);
            if (await ReplaceHeadAsync(history, found, AttributeCodec.HeadOf(writer, head), Expiration.KeepTtl, cancellation).ConfigureAwait(false))
            {
                return head;
            }
        }

        return null;
    }

    public async ValueTask WriteAsync(
        string history, long writer, AttributeChanges? changes, IReadOnlyList<KeyValuePair<FeatureKey, ReadOnlyMemory<byte>>> entities,
        TimeSpan timeToLive, CancellationToken cancellation)
    {
        var lives = new Expiration(timeToLive);
        await ReadOwnHeadAsync(history, writer, cancellation).ConfigureAwait(false);
        await RunAsync(
            async database =>
            {
                var batch = database.CreateBatch();
                var writes = entities.Select(Task (entity) => batch.StringSetAsync(names.Of(entity.Key), entity.Value, lives)).ToList();
                if (changes is not null)
                {
                    writes.AddRange(Attributes(batch, history, changes, timeToLive));
                    writes.Add(batch.StringSetAsync(names.ChangesOf(history, changes.Head.Number), AttributeCodec.Changes(changes), lives));
                }

                batch.Execute();
                await Task.WhenAll(writes).ConfigureAwait(false);
                return true;
            },
            cancellation).ConfigureAwait(false);
        if (changes is null)
        {
            return;
        }

        // What moves the head between the two may be this writer's own write, one that was given up and came late.
        while (!await ReplaceHeadAsync(
            history, await ReadOwnHeadAsync(history, writer, cancellation).ConfigureAwait(false), AttributeCodec.HeadOf(writer, changes.Head), lives, cancellation).ConfigureAwait(false))
        {
        }
    }

    public async ValueTask<AttributeChanges?> ReadAttributesAsync(string history, CancellationToken cancellation)
    {
        for (var look = 1; ; look++)
        {
            if (await ReadHeadAsync(history, cancellation).ConfigureAwait(false) is not { } head)
            {
                return null;
            }

            var parts = await RunAsync(
                database => Task.WhenAll(Enumerable.Range(0, RedisKeys.AttributeParts).Select(part => database.HashGetAllAsync(names.AttributesOf(history, part)))),
                cancellation).ConfigureAwait(false);
            var rows = parts.SelectMany(part => part).Select(entry => AttributeCodec.Row(((ReadOnlyMemory<byte>)entry.Name).Span, entry.Value)).ToArray();
            // Rows of a write whose head is not there yet are not of this head. A writer that was killed in the middle of a
            // write leaves such ones: they are taken in the end.
            if (look == Looks || Array.TrueForAll(rows, row => row.Number <= head.Number))
            {
                return new AttributeChanges(head, [.. rows.Select(row => row.Row)]);
            }

            await Task.Delay(betweenLooks, cancellation).ConfigureAwait(false);
        }
    }

    public async ValueTask<IReadOnlyList<AttributeChanges>?> ReadChangesAsync(string history, long after, CancellationToken cancellation)
    {
        if (await ReadHeadAsync(history, cancellation).ConfigureAwait(false) is not { } head || head.Number < after || head.Number - after > RedisKeys.KeptChanges)
        {
            return null;
        }

        var changes = new List<AttributeChanges>();
        var numbers = Enumerable.Range(0, (int)(head.Number - after)).Select(i => after + 1 + i);
        var values = await RunAsync(
            database => Task.WhenAll(numbers.Select(number => database.StringGetAsync(names.ChangesOf(history, number)))), cancellation).ConfigureAwait(false);
        foreach (ReadOnlyMemory<byte> value in values)
        {
            // One that is newer has taken the place of what was wanted.
            if (value.IsEmpty || AttributeCodec.Changes(value) is not { } next || next.Head.Number != after + changes.Count + 1)
            {
                return null;
            }

            changes.Add(next);
        }

        return changes;
    }

    private IEnumerable<Task> Attributes(IBatch batch, string history, AttributeChanges changes, TimeSpan timeToLive)
    {
        foreach (var part in changes.Rows.GroupBy(row => (int)(row.Key % RedisKeys.AttributeParts)))
        {
            var (key, byState) = (names.AttributesOf(history, part.Key), part.ToLookup(row => row.State.IsEmpty));
            if (byState[false].Select(row => new HashEntry(AttributeCodec.Field(row), AttributeCodec.Value(changes.Head.Number, row.State.Span))).ToArray() is { Length: > 0 } set)
            {
                yield return batch.HashSetAsync(key, set);
            }

            if (byState[true].Select(row => (RedisValue)AttributeCodec.Field(row)).ToArray() is { Length: > 0 } gone)
            {
                yield return batch.HashDeleteAsync(key, gone);
            }

            yield return batch.KeyExpireAsync(key, timeToLive);
        }
    }

    private async Task<ReadOnlyMemory<byte>> ReadHeadValueAsync(string history, CancellationToken cancellation) =>
        await RunAsync(database => database.StringGetAsync(names.HeadOf(history)), cancellation).ConfigureAwait(false);

    private async Task<ReadOnlyMemory<byte>> ReadOwnHeadAsync(string history, long writer, CancellationToken cancellation)
    {
        var found = await ReadHeadValueAsync(history, cancellation).ConfigureAwait(false);
        return found.IsEmpty || AttributeCodec.IsBy(writer, found.Span) ? found : throw new HistoryTakenException(history);
    }

    // False where the head is no longer what was found.
    private Task<bool> ReplaceHeadAsync(string history, ReadOnlyMemory<byte> found, byte[] head, Expiration lives, CancellationToken cancellation) => RunAsync(
        async database =>
        {
            var key = names.HeadOf(history);
            var transaction = database.CreateTransaction();
            transaction.AddCondition(found.IsEmpty ? Condition.KeyNotExists(key) : Condition.StringEqual(key, found));
            _ = transaction.StringSetAsync(key, head, lives);
            return await transaction.ExecuteAsync().ConfigureAwait(false);
        },
        cancellation);

    private async Task<T> RunAsync<T>(Func<IDatabase, Task<T>> command, CancellationToken cancellation)
    {
        try
        {
            return await command(connections.Next()).WaitAsync(settings.WriteTimeout, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            throw new FeatureStoreException($"Redis at {string.Join(", ", settings.Endpoints)} does not answer: {failure.GetBaseException().Message}; start it, or correct Endpoints (--redis) and the login", failure);
        }
    }
}
