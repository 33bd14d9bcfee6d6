namespace Ranking.Core;

/// <summary>Where the raw values of one row stand in their records: one slot a feature.</summary>
internal sealed class RawRow(FeatureSchema schema)
{
    private readonly (FeatureValueType Type, int Start, int Length, int Record)[] slots = new (FeatureValueType, int, int, int)[schema.Features.Length];
    private readonly int[][] slotsOf =
        [.. Enum.GetValues<FeatureScope>().Select(scope => Enumerable.Range(0, schema.Features.Length).Where(slot => schema.Features[slot].Scope == scope).ToArray())];
    private readonly ReadOnlyMemory<byte>[] records = new ReadOnlyMemory<byte>[4];

    /// <summary>Reads all records of an example.</summary>
    public void Load(FeatureRecords features)
    {
        for (var scope = FeatureScope.User; scope <= FeatureScope.Pair; scope++)
        {
            Load(scope, features.Of(scope));
        }
    }

    /// <summary>Forgets the scope's values and reads those of a new record; the last of equal ids holds.</summary>
    public void Load(FeatureScope scope, ReadOnlyMemory<byte> record)
    {
        records[(int)scope] = record;
        foreach (var slot in slotsOf[(int)scope])
        {
            slots[slot] = default;
        }

        var bytes = record.Span;
        var reader = new FeatureRecordReader(bytes);
        while (reader.Read())
        {
            var slot = schema.SlotOf(reader.FeatureId);
            if (slot >= 0 && schema.Features[slot].Scope == scope)
            {
                bytes.Overlaps(reader.Value, out var start);
                slots[slot] = (reader.Type, start, reader.Value.Length, (int)scope);
            }
        }
    }

    public bool Has(int slot) => slots[slot].Type != 0;

    public FeatureValueType TypeOf(int slot) => slots[slot].Type;

    public ReadOnlySpan<byte> ValueOf(int slot)
    {
        var (_, start, length, record) = slots[slot];
        return records[record].Span.Slice(start, length);
    }

    /// <summary>The value as an expression reads it.</summary>
    public Operand OperandOf(int slot)
    {
        var value = Has(slot) ? ValueOf(slot) : default;
        return TypeOf(slot) switch
        {
            FeatureValueType.Integer => FeatureRecordReader.TakeInteger(ref value),
            FeatureValueType.Number => System.Buffers.Binary.BinaryPrimitives.ReadDoubleLittleEndian(value),
            FeatureValueType.Text => Operand.Of(System.Text.Encoding.UTF8.GetString(FeatureRecordReader.TakeText(ref value))),
            _ => Operand.Missing,
        };
    }
}
