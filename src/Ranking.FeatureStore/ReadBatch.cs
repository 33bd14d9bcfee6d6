using System.Diagnostics;
using Ranking.Core;
using StackExchange.Redis;

namespace Ranking.FeatureStore;

/// <summary>
/// Keys that one caller was the first to ask for, read in one pipelined batch. Others who want one of them meanwhile
/// wait for this batch too; it goes on when its first caller gives up.
/// </summary>
/// <param name="most">How many keys it may come to.</param>
internal sealed class ReadBatch(int most)
{
    private static readonly FeatureValue unavailable = new(FeatureStatus.Unavailable, default);

    private readonly List<FeatureKey> keys = new(most);
    private readonly List<FeatureValue?> known = new(most);
    private readonly TaskCompletionSource<FeatureValue[]> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Of a cluster, one for each key: what other nodes have answered is there while one is silent.
    private volatile Task<FeatureValue>[] answers = [];

    public IReadOnlyList<FeatureKey> Keys => keys;

    /// <summary>Ends when every key has a value; never fails.</summary>
    public Task Completion => completion.Task;

    /// <summary>How many keys the store is asked for.</summary>
    public int Asked => known.Count(value => value is null);

    /// <param name="key">The key.</param>
    /// <param name="value">Its value where that is known already: then it is not asked for.</param>
    public void Add(FeatureKey key, FeatureValue? value)
    {
        keys.Add(key);
        known.Add(value);
    }

    /// <summary>What is known now of a key, by its place among <see cref="Keys"/>; unavailable while it is not answered.</summary>
    public FeatureValue ValueOf(int index) =>
        completion.Task.IsCompleted ? completion.Task.Result[index]
        : answers is { Length: > 0 } && answers[index].IsCompleted ? answers[index].Result
        : unavailable;

    /// <summary>Sends the batch and hands the values to <paramref name="onRead"/> before those who wait go on.</summary>
    public async Task RunAsync(
        RedisConnections connections, RedisKeys names, TimeSpan limit, FeatureStoreMetrics metrics, Action<ReadBatch, FeatureValue[]> onRead)
    {
        var start = Stopwatch.GetTimestamp();
        FeatureValue[] values;
        try
        {
            values = await SendAsync(connections, names, limit).ConfigureAwait(false);
            metrics.RecordBatch(Stopwatch.GetElapsedTime(start));
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException or ObjectDisposedException)
        {
            values = [.. keys.Select(_ => unavailable)];
        }

        onRead(this, values);
        completion.SetResult(values);
    }

    // A standalone server takes one MGET, a tenth of the work of single GETs. The nodes of a cluster own slots, so there
    // each key is a GET of its own and the client sends those of one node together; a node that fails takes only its own keys.
    private async Task<FeatureValue[]> SendAsync(RedisConnections connections, RedisKeys keyNames, TimeSpan limit)
    {
        int[] asked = [.. Enumerable.Range(0, keys.Count).Where(at => known[at] is null)];
        RedisKey[] names = [.. asked.Select(at => keyNames.Of(keys[at]))];
        var values = known.ConvertAll(value => value ?? unavailable).ToArray();
        if (asked.Length == 0)
        {
            return values;
        }

        var database = connections.Next();
        if (!connections.IsCluster)
        {
            var read = await database.StringGetAsync(names).WaitAsync(limit).ConfigureAwait(false);
            foreach (var (at, reply) in asked.Zip(read))
            {
                values[at] = ValueOf(keys[at], reply);
            }

            return values;
        }

        var batch = database.CreateBatch();
        var replies = asked.Zip(names, (at, name) => (At: at, Reply: batch.StringGetAsync(name))).ToDictionary(reply => reply.At, reply => reply.Reply);
        batch.Execute();
        answers = [.. values.Select((value, at) => replies.TryGetValue(at, out var reply) ? ValueOfAsync(keys[at], reply, limit) : Task.FromResult(value))];
        return await Task.WhenAll(answers).ConfigureAwait(false);
    }

    private static async Task<FeatureValue> ValueOfAsync(FeatureKey key, Task<RedisValue> reply, TimeSpan limit)
    {
        try
        {
            return ValueOf(key, await reply.WaitAsync(limit).ConfigureAwait(false));
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            return unavailable;
        }
    }

    private static FeatureValue ValueOf(FeatureKey key, RedisValue reply)
    {
        ReadOnlyMemory<byte> record = reply;
        return reply.IsNull || (key.Group == FeatureGroup.Profile && !IsReadable(record.Span)) ? default : new FeatureValue(FeatureStatus.Found, record);
    }

    // What another program wrote under our key, or a record of a later format, counts as no record.
    private static bool IsReadable(ReadOnlySpan<byte> record)
    {
        try
        {
            var reader = new FeatureRecordReader(record);
            while (reader.Read())
            {
            }

            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
