using System.Buffers.Binary;
using System.Globalization;

namespace Ranking.Core;

/// <summary>Encodes one feature of one row after another.</summary>
internal sealed class ColumnEncoder
{
    private readonly Feature feature;
    private readonly int slot;
    private readonly NumericTransform transform;
    private readonly KeyHash hash;
    private readonly ulong missingKey;
    private readonly DerivedValue? derived;
    private readonly bool useServeAs;
    private readonly SequenceEncoder? sequence;

    public ColumnEncoder(FeatureSchema schema, int slot, NumericTransform? fitted, bool serving)
    {
        feature = schema.Features[slot];
        this.slot = slot;
        transform = fitted ?? new NumericTransform(feature.Id, TransformKind.None, []);
        hash = new KeyHash(feature.Table ?? "");
        missingKey = KeyHash.Missing(feature.Id);
        derived = feature.Derived is null ? null : new DerivedValue(schema, feature.Derived);
        useServeAs = serving && feature.TrainOnly;
        sequence = feature.Kind == FeatureKind.Sequence ? new SequenceEncoder(feature) : null;
        IsOfRecordAlone = sequence is null && derived?.ReadsFacts != true && Read.All(read => schema.Features[read].Scope == feature.Scope);
    }

    /// <summary>The features that the value is made of.</summary>
    public IEnumerable<int> Read => derived?.Slots ?? [slot];

    /// <summary>The feature.</summary>
    public Feature Feature => feature;

    /// <summary>Whether the value is of the scope's record and of nothing else, such as the time.</summary>
    public bool IsOfRecordAlone { get; }

    /// <summary>Adds the row's value to the column; false when it was of a type that the feature does not take.</summary>
    public bool Add(RawRow row, RowFacts facts, EncodedColumn column)
    {
        if (useServeAs)
        {
            return AddServeAs(column);
        }

        if (derived is not null)
        {
            return AddNumber(derived.Evaluate(row, facts), column);
        }

        if (!row.Has(slot))
        {
            AddMissing(column);
            return true;
        }

        var value = row.ValueOf(slot);
        return (row.TypeOf(slot), feature.Kind) switch
        {
            (FeatureValueType.Integer, FeatureKind.Numeric) => AddNumber(FeatureRecordReader.TakeInteger(ref value), column),
            (FeatureValueType.Number, FeatureKind.Numeric) => AddNumber(BinaryPrimitives.ReadDoubleLittleEndian(value), column),
            (FeatureValueType.Integer, FeatureKind.Categorical) => AddKey(hash.Of(FeatureRecordReader.TakeInteger(ref value)), column),
            (FeatureValueType.Text, FeatureKind.Categorical) => AddKey(hash.Of(FeatureRecordReader.TakeText(ref value)), column),
            (FeatureValueType.IntegerList or FeatureValueType.TextList, FeatureKind.List) => AddList(row.TypeOf(slot), value, column),
            (FeatureValueType.WeightedIntegerList or FeatureValueType.WeightedTextList, FeatureKind.WeightedList) => AddList(row.TypeOf(slot), value, column),
            (FeatureValueType.Sequence, FeatureKind.Sequence) => sequence!.Add(value, facts.EventTime, column),
            _ => AddMistyped(column),
        };
    }

    private bool AddServeAs(EncodedColumn column)
    {
        if (feature.ServeAs is null)
        {
            AddMissing(column);
            return true;
        }

        return feature.IsEmbedded
            ? AddKey(hash.Of(System.Text.Encoding.UTF8.GetBytes(feature.ServeAs)), column)
            : AddNumber(double.Parse(feature.ServeAs, CultureInfo.InvariantCulture), column);
    }

    private bool AddNumber(double value, EncodedColumn column)
    {
        if (!double.IsFinite(value))
        {
            AddMissing(column);
        }
        else if (feature.IsEmbedded)
        {
            AddKey(hash.Of((long)Math.Floor(value)), column);
        }
        else
        {
            // A number beyond what the network computes with would leave nothing finite of all its weights.
            var input = transform.Apply(value);
            column.AddNumber(input, !float.IsFinite(input));
        }

        return true;
    }

    private static bool AddKey(ulong key, EncodedColumn column)
    {
        column.AddKey(key);
        return true;
    }

    private bool AddMistyped(EncodedColumn column)
    {
        AddMissing(column);
        return false;
    }

    private void AddMissing(EncodedColumn column)
    {
        if (sequence is not null)
        {
            SequenceEncoder.AddEmpty(column);
        }
        else if (feature.IsEmbedded)
        {
            column.AddKey(missingKey);
        }
        else
        {
            column.AddNumber(0, true);
        }
    }

    private bool AddList(FeatureValueType type, ReadOnlySpan<byte> value, EncodedColumn column)
    {
        var count = (int)FeatureRecordReader.TakeVarint(ref value);
        var isText = type is FeatureValueType.TextList or FeatureValueType.WeightedTextList;
        for (var i = 0; i < count; i++)
        {
            column.PushKey(isText ? hash.Of(FeatureRecordReader.TakeText(ref value)) : hash.Of(FeatureRecordReader.TakeInteger(ref value)), 1, i);
        }

        column.ScaleRow(count, count == 0 ? 0 : 1f / count);
        if (feature.Kind == FeatureKind.WeightedList)
        {
            SetWeights(value, count, column);
        }

        column.EndRow(count);
        return true;
    }

    // Weights that do not add up to something positive leave the list's plain mean.
    private static void SetWeights(ReadOnlySpan<byte> weights, int count, EncodedColumn column)
    {
        var sum = 0f;
        for (var i = 0; i < count; i++)
        {
            sum += BinaryPrimitives.ReadSingleLittleEndian(weights[(4 * i)..]);
        }

        if (sum > 0 && float.IsNormal(sum))
        {
            column.SetRowWeights(weights, count, 1 / sum);
        }
    }
}
