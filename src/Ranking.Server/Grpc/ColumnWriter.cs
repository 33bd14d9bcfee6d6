using System.Buffers.Binary;
using System.Text;
using Ranking.Contracts.V1;
using Ranking.Core;
using FeatureColumn = Ranking.Contracts.V1.FeatureColumn;

namespace Ranking.Server;

/// <summary>Gives a stored record back as columns of one row.</summary>
internal static class ColumnWriter
{
    /// <summary>A column for each value whose feature the schema still has; sequences have no form on the wire.</summary>
    public static List<FeatureColumn> ColumnsOf(ReadOnlySpan<byte> record, FeatureSchema schema, FeatureScope scope)
    {
        var columns = new List<FeatureColumn>();
        var reader = new FeatureRecordReader(record);
        while (reader.Read())
        {
            var slot = schema.SlotOf(reader.FeatureId);
            if (slot >= 0 && schema.Features[slot].Scope == scope && reader.Type != FeatureValueType.Sequence)
            {
                columns.Add(ColumnOf(schema.Features[slot].Name, reader.Type, reader.Value));
            }
        }

        return columns;
    }

    private static FeatureColumn ColumnOf(string name, FeatureValueType type, ReadOnlySpan<byte> value)
    {
        var column = new FeatureColumn { Name = name };
        var isList = type is not (FeatureValueType.Integer or FeatureValueType.Text or FeatureValueType.Number);
        var count = isList ? (int)FeatureRecordReader.TakeVarint(ref value) : 1;
        if (isList)
        {
            column.Lengths.Add((uint)count);
        }

        if (type == FeatureValueType.Number)
        {
            column.Numbers = new NumberValues { Values = { BinaryPrimitives.ReadDoubleLittleEndian(value) } };
        }
        else if (type is FeatureValueType.Text or FeatureValueType.TextList or FeatureValueType.WeightedTextList)
        {
            column.Texts = new TextValues();
            for (var i = 0; i < count; i++)
            {
                column.Texts.Values.Add(Encoding.UTF8.GetString(FeatureRecordReader.TakeText(ref value)));
            }
        }
        else
        {
            column.Integers = new IntegerValues();
            for (var i = 0; i < count; i++)
            {
                column.Integers.Values.Add(FeatureRecordReader.TakeInteger(ref value));
            }
        }

        if (type is FeatureValueType.WeightedIntegerList or FeatureValueType.WeightedTextList)
        {
            for (var i = 0; i < count; i++)
            {
                column.Weights.Add(BinaryPrimitives.ReadSingleLittleEndian(value[(4 * i)..]));
            }
        }

        return column;
    }
}
