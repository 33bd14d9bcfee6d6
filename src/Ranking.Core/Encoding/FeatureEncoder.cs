using System.Collections.Immutable;

namespace Ranking.Core;

/// <summary>
/// Turns raw feature records into keys and numbers: the one place where that is done, for training, serving and
/// evaluation. Not thread-safe: one for each thread.
/// </summary>
public sealed class FeatureEncoder
{
    private readonly FeatureSchema schema;
    private readonly RawRow row;
    private readonly ImmutableArray<ColumnEncoder>[] encoders;
    private readonly ImmutableArray<FeatureScope>[] read;
    private readonly RowMemo? memo;

    /// <param name="schema">The features.</param>
    /// <param name="transforms">What was fitted for the numeric features that have a transform.</param>
    /// <param name="serving">Whether train-only features take their <see cref="Feature.ServeAs"/> value.</param>
    /// <param name="items">What remembers the rows of items that were candidates lately, of no other encoder; null encodes each anew.</param>
    public FeatureEncoder(FeatureSchema schema, IEnumerable<NumericTransform> transforms, bool serving, RowMemo? items = null)
    {
        this.schema = schema;
        row = new RawRow(schema);
        var fitted = transforms.ToDictionary(transform => transform.FeatureId);
        encoders = [.. Enum.GetValues<FeatureScope>().Select(scope => schema.Features
            .Select((feature, slot) => (feature, slot))
            .Where(pair => pair.feature.IsInput && pair.feature.Scope == scope)
            .Select(pair => new ColumnEncoder(schema, pair.slot, fitted.GetValueOrDefault(pair.feature.Id), serving))
            .ToImmutableArray())];
        // A record that none of a scope's features reads is not gone through for it.
        read = [.. encoders.Select(columns => columns.SelectMany(column => column.Read).Select(slot => schema.Features[slot].Scope).Distinct().ToImmutableArray())];
        memo = items?.TryServe(encoders[(int)FeatureScope.Item]) == true ? items : null;
    }

    /// <summary>Buffers for this encoder's results, to be used again and again.</summary>
    public EncodedBatch CreateBatch() => new(schema);

    /// <summary>Encodes examples: one row each in every scope.</summary>
    public void Encode(EncodedBatch batch, ReadOnlySpan<Example> examples)
    {
        batch.Clear();
        for (var scope = FeatureScope.User; scope <= FeatureScope.Pair; scope++)
        {
            Encode(batch, scope, examples);
        }
    }

    /// <summary>
    /// Encodes one scope of examples into a cleared batch: encoders of different threads may do so with different
    /// scopes of the same batch.
    /// </summary>
    public void Encode(EncodedBatch batch, FeatureScope scope, ReadOnlySpan<Example> examples)
    {
        foreach (var example in examples)
        {
            foreach (var each in read[(int)scope])
            {
                row.Load(each, example.Features.Of(each));
            }

            AddRow(batch, scope, new RowFacts(example.EventTime, example.Position));
        }
    }

    /// <summary>Encodes one request: one row for user and context, one a candidate for item and pair.</summary>
    /// <param name="batch">Where to.</param>
    /// <param name="eventTime">The request's time, Unix milliseconds.</param>
    /// <param name="user">The user's record; empty where there is none.</param>
    /// <param name="context">The request's record.</param>
    /// <param name="items">[candidates] item records.</param>
    /// <param name="pairs">[candidates] pair records, or none at all.</param>
    public void Encode(
        EncodedBatch batch, long eventTime, ReadOnlyMemory<byte> user, ReadOnlyMemory<byte> context,
        ReadOnlySpan<ReadOnlyMemory<byte>> items, ReadOnlySpan<ReadOnlyMemory<byte>> pairs)
    {
        batch.Clear();
        var facts = new RowFacts(eventTime, null);
        row.Load(FeatureScope.User, user);
        row.Load(FeatureScope.Context, context);
        AddRow(batch, FeatureScope.User, facts);
        AddRow(batch, FeatureScope.Context, facts);
        if (memo is null)
        {
            AddCandidates(batch, FeatureScope.Item, items, pairs, facts);
        }
        else
        {
            AddItems(batch[FeatureScope.Item], items, facts, memo);
        }

        AddCandidates(batch, FeatureScope.Pair, items, pairs, facts);
    }

    /// <summary>Encodes a request's candidates after what the batch holds, as if they were examples: one row each in every scope.</summary>
    /// <param name="batch">Where to; it holds no request.</param>
    /// <param name="eventTime">The request's time, Unix milliseconds.</param>
    /// <param name="user">The user's record; empty where there is none.</param>
    /// <param name="context">The request's record.</param>
    /// <param name="items">[candidates] item records.</param>
    /// <param name="pairs">[candidates] pair records, or none at all.</param>
    public void Add(
        EncodedBatch batch, long eventTime, ReadOnlyMemory<byte> user, ReadOnlyMemory<byte> context,
        ReadOnlySpan<ReadOnlyMemory<byte>> items, ReadOnlySpan<ReadOnlyMemory<byte>> pairs)
    {
        row.Load(FeatureScope.User, user);
        row.Load(FeatureScope.Context, context);
        for (var i = 0; i < items.Length; i++)
        {
            row.Load(FeatureScope.Item, items[i]);
            row.Load(FeatureScope.Pair, pairs.IsEmpty ? default : pairs[i]);
            for (var scope = FeatureScope.User; scope <= FeatureScope.Pair; scope++)
            {
                AddRow(batch, scope, new RowFacts(eventTime, null));
            }
        }
    }

    private void AddCandidates(
        EncodedBatch batch, FeatureScope scope, ReadOnlySpan<ReadOnlyMemory<byte>> items, ReadOnlySpan<ReadOnlyMemory<byte>> pairs, RowFacts facts)
    {
        var (readsItem, readsPair) = (read[(int)scope].Contains(FeatureScope.Item), read[(int)scope].Contains(FeatureScope.Pair));
        for (var i = 0; i < items.Length; i++)
        {
            if (readsItem)
            {
                row.Load(FeatureScope.Item, items[i]);
            }

            if (readsPair)
            {
                row.Load(FeatureScope.Pair, pairs.IsEmpty ? default : pairs[i]);
            }

            AddRow(batch, scope, facts);
        }
    }

    private void AddItems(EncodedScope target, ReadOnlySpan<ReadOnlyMemory<byte>> items, RowFacts facts, RowMemo remembered)
    {
        for (var from = 0; from < items.Length; from += RowMemo.Together)
        {
            var some = items.Slice(from, Math.Min(RowMemo.Together, items.Length - from));
            remembered.Seek(some);
            for (var i = 0; i < some.Length; i++)
            {
                if (remembered.TryAdd(i, target))
                {
                    continue;
                }

                row.Load(FeatureScope.Item, some[i]);
                var mistyped = target.Mistyped;
                AddRow(target, FeatureScope.Item, facts);
                if (target.Mistyped == mistyped)
                {
                    remembered.Keep(i, target);
                }
            }
        }
    }

    private void AddRow(EncodedBatch batch, FeatureScope scope, RowFacts facts) => AddRow(batch[scope], scope, facts);

    private void AddRow(EncodedScope target, FeatureScope scope, RowFacts facts)
    {
        target.Rows++;
        for (var i = 0; i < target.Columns.Length; i++)
        {
            if (!encoders[(int)scope][i].Add(row, facts, target.Columns[i]))
            {
                target.Mistyped++;
            }
        }
    }
}
