using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Events;

/// <summary>Takes the cells of an entry from its impression's records.</summary>
internal sealed class EntryCells(FeatureSchema schema, ImmutableArray<SequenceColumn> columns)
{
    private readonly DerivedIds derived = new(schema, columns.Select(column => column.FeatureId));
    private readonly int outcome = columns.IndexOf(columns.FirstOrDefault(column => column.Kind == SequenceColumnKind.Outcome)!);
    private readonly SequenceCells cells = new();

    /// <summary>Whether outcomes are told apart.</summary>
    public bool HasOutcome => outcome >= 0;

    /// <summary>The cells before and after the outcome's.</summary>
    public (byte[] Before, byte[] After) Read(in FeatureRecords features, long eventTime)
    {
        derived.Load(features);
        return HasOutcome
            ? (Read(features, eventTime, 0, outcome), Read(features, eventTime, outcome + 1, columns.Length))
            : (Read(features, eventTime, 0, columns.Length), []);
    }

    /// <summary>Appends an entry's cells, in their order.</summary>
    public void Append(SequenceCells to, in SequenceEntry entry)
    {
        to.Append(entry.Before);
        if (HasOutcome)
        {
            to.Add((long)entry.Outcomes);
            to.Append(entry.After);
        }
    }

    private byte[] Read(in FeatureRecords features, long eventTime, int from, int to)
    {
        cells.Clear();
        for (var i = from; i < to; i++)
        {
            if (columns[i].Kind == SequenceColumnKind.Age)
            {
                cells.Add(eventTime);
            }
            else if (derived.Has(columns[i].FeatureId))
            {
                AddDerived(derived.Of(columns[i].FeatureId, eventTime));
            }
            else if (!AddFrom(features.Context, columns[i].FeatureId) && !AddFrom(features.Item, columns[i].FeatureId) && !AddFrom(features.Pair, columns[i].FeatureId))
            {
                cells.AddMissing();
            }
        }

        return cells.Written.ToArray();
    }

    private void AddDerived(long? id)
    {
        if (id is { } known)
        {
            cells.Add(known);
        }
        else
        {
            cells.AddMissing();
        }
    }

    // The last of equal ids holds, as for the encoder.
    private bool AddFrom(ReadOnlyMemory<byte> record, int featureId)
    {
        var reader = new FeatureRecordReader(record.Span);
        var type = default(FeatureValueType);
        ReadOnlySpan<byte> value = default;
        while (reader.Read())
        {
            if (reader.FeatureId == featureId)
            {
                type = reader.Type;
                value = reader.Value;
            }
        }

        return type is FeatureValueType.Integer or FeatureValueType.Text ? Add(type, value) : AddFirst(type, value);
    }

    // Of a list, what it is mainly about.
    private bool AddFirst(FeatureValueType type, ReadOnlySpan<byte> value)
    {
        if (type is not (FeatureValueType.IntegerList or FeatureValueType.TextList or FeatureValueType.WeightedIntegerList or FeatureValueType.WeightedTextList)
            || FeatureRecordReader.TakeVarint(ref value) == 0)
        {
            return false;
        }

        var rest = value;
        if (type is FeatureValueType.IntegerList or FeatureValueType.WeightedIntegerList)
        {
            FeatureRecordReader.TakeInteger(ref rest);
            return Add(FeatureValueType.Integer, value[..^rest.Length]);
        }

        FeatureRecordReader.TakeText(ref rest);
        return Add(FeatureValueType.Text, value[..^rest.Length]);
    }

    private bool Add(FeatureValueType type, ReadOnlySpan<byte> value)
    {
        cells.AddRaw(type, value);
        return true;
    }
}
