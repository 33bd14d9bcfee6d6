using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Events;

/// <summary>The raw features of a request and its candidates.</summary>
/// <param name="User">The user's record.</param>
/// <param name="Context">The request's record.</param>
/// <param name="Items">[candidates] item records.</param>
/// <param name="Pairs">[candidates] pair records, or none at all.</param>
public readonly record struct RequestRecords(
    ReadOnlyMemory<byte> User, ReadOnlyMemory<byte> Context, ReadOnlyMemory<byte>[] Items, ReadOnlyMemory<byte>[] Pairs);

/// <summary>What was read of a request's past.</summary>
/// <param name="User">The user's state as it was stored; empty for none.</param>
/// <param name="Items">[candidates] the items'.</param>
/// <param name="Attributes">What belongs to neither.</param>
public readonly record struct StoredHistory(ReadOnlyMemory<byte> User, ReadOnlyMemory<byte>[] Items, AttributeHistory Attributes);

/// <summary>How far along the log each part of a request's past was.</summary>
/// <param name="User">The user's; null where none was stored.</param>
/// <param name="Items">[candidates] the items'.</param>
/// <param name="Attributes">That of what belongs to neither.</param>
public sealed record HistoryPositions(HistoryPosition? User, HistoryPosition?[] Items, HistoryPosition? Attributes);

/// <summary>
/// Works out the statistics and sequences of a request from their stored state, as of the request's time: the same
/// arithmetic over the same numbers as the fold's, so the same bits. Not thread-safe: one for each thread.
/// </summary>
public sealed class RequestHistory
{
    private readonly KeyReader keys;
    private readonly StatisticsWriter statistics;
    private readonly FeatureRecordWriter sequences;
    private readonly StoredRows rows;

    /// <param name="schema">The features.</param>
    /// <param name="specs">The statistics.</param>
    /// <param name="declared">The sequences.</param>
    public RequestHistory(FeatureSchema schema, ImmutableArray<StatisticSpec> specs, ImmutableArray<SequenceSpec> declared)
    {
        var plan = new StatisticsPlan(schema, specs);
        keys = new KeyReader(schema, plan.Keys);
        statistics = new StatisticsWriter(schema, plan);
        sequences = new FeatureRecordWriter(schema.Fingerprint);
        rows = new StoredRows(new HistoryLayout(schema, plan, declared), plan.Tables.Count);
    }

    /// <summary>The name of a model's history in the store: other declarations are another history.</summary>
    public static string NameOf(string model, FeatureSchema schema, ImmutableArray<StatisticSpec> statistics, ImmutableArray<SequenceSpec> sequences) =>
        HistoryLayout.NameOf(model, schema, statistics, sequences);

    /// <summary>The request with its past in it.</summary>
    /// <param name="request">Its features without.</param>
    /// <param name="stored">What was read.</param>
    /// <param name="time">The request's time, Unix milliseconds.</param>
    public (RequestRecords Records, HistoryPositions Positions) Complete(in RequestRecords request, in StoredHistory stored, long time)
    {
        keys.Load(request, time);
        var (items, pairs) = (new ReadOnlyMemory<byte>[request.Items.Length], new ReadOnlyMemory<byte>[request.Items.Length]);
        var positions = new HistoryPosition?[items.Length];
        ReadOnlyMemory<byte> user = default, context = default;
        stored.Attributes.Hold();
        try
        {
            rows.LoadRequest(stored.User, stored.Attributes);
            for (var i = 0; i < items.Length; i++)
            {
                rows.LoadItem(stored.Items[i]);
                positions[i] = rows.Item.Position;
                var hashes = keys.KeysOf(i);
                if (i == 0)
                {
                    user = statistics.Append(request.User, FeatureScope.User, rows, hashes, time);
                    context = statistics.Append(request.Context, FeatureScope.Context, rows, hashes, time);
                }

                items[i] = statistics.Append(request.Items[i], FeatureScope.Item, rows, hashes, time);
                pairs[i] = statistics.Append(request.Pairs.Length == 0 ? default : request.Pairs[i], FeatureScope.Pair, rows, hashes, time);
            }

            return (new(WithSequences(user, time), context, items, pairs), new(rows.User.Position, positions, stored.Attributes.Head?.Position));
        }
        finally
        {
            stored.Attributes.Release();
        }
    }

    private ReadOnlyMemory<byte> WithSequences(ReadOnlyMemory<byte> user, long time)
    {
        sequences.GoOn(user.Span);
        rows.User.WriteSequences(sequences, time);
        return sequences.ToArray();
    }
}
