using System.Diagnostics;
using Ranking.Core;
using StackExchange.Redis;

namespace Ranking.FeatureStore;

/// <summary>
/// Keys that one caller was the first to ask for, read in one pipelined batch. Others who want one of them meanwhile
/// wait for this batch too; it goes on when its first caller gives up.
/// </summary>
internal sealed class ReadBatch
{
    private readonly List<FeatureKey> keys = [];
    private readonly TaskCompletionSource<FeatureValue[]> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<FeatureKey> Keys => keys;

    /// <summary>The values in the keys' order; never fails.</summary>
    public Task<FeatureValue[]> Completion => completion.Task;

    public void Add(FeatureKey key) => keys.Add(key);

    /// <summary>Sends the batch and hands the values to <paramref name="onRead"/> before those who wait go on.</summary>
    public async Task RunAsync(
        RedisConnections connections, RedisKeys names, TimeSpan limit, FeatureStoreMetrics metrics, Action<ReadBatch, FeatureValue[]> onRead)
    {
        var start = Stopwatch.GetTimestamp();
        var values = new FeatureValue[keys.Count];
        try
        {
            var replies = await SendAsync(connections, [.. keys.Select(names.Of)]).WaitAsync(limit).ConfigureAwait(false);
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = ValueOf(replies[i]);
            }

            metrics.RecordBatch(Stopwatch.GetElapsedTime(start));
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException or ObjectDisposedException)
        {
            values.AsSpan().Fill(new FeatureValue(FeatureStatus.Unavailable, default));
        }

        onRead(this, values);
        completion.SetResult(values);
    }

    // A standalone server takes one MGET, a tenth of the work of single GETs. The nodes of a cluster own slots, so there
    // each key is a GET of its own and the client sends those of one node together.
    private static async Task<RedisValue[]> SendAsync(RedisConnections connections, RedisKey[] names)
    {
        var database = connections.Next();
        if (!connections.IsCluster)
        {
            return await database.StringGetAsync(names).ConfigureAwait(false);
        }

        var batch = database.CreateBatch();
        var replies = Array.ConvertAll(names, name => batch.StringGetAsync(name));
        batch.Execute();
        return await Task.WhenAll(replies).ConfigureAwait(false);
    }

    private static FeatureValue ValueOf(RedisValue reply)
    {
        ReadOnlyMemory<byte> record = reply;
        return reply.IsNull || !IsReadable(record.Span) ? default : new FeatureValue(FeatureStatus.Found, record);
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
