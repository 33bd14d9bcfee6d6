using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Ranking.Core;

namespace Ranking.Cli;

/// <summary>A feature record as text.</summary>
internal static class RecordView
{
    /// <summary>One value of a record.</summary>
    /// <param name="Feature">The feature's name; its number where the schema does not have it.</param>
    /// <param name="Value">Its raw value.</param>
    internal sealed record Row(string Feature, string Value);

    /// <summary>The record's values, in its order.</summary>
    public static IReadOnlyList<Row> Read(FeatureSchema schema, ReadOnlySpan<byte> record)
    {
        var rows = new List<Row>();
        var reader = new FeatureRecordReader(record);
        while (reader.Read())
        {
            var slot = schema.SlotOf(reader.FeatureId);
            rows.Add(new Row(slot < 0 ? $"#{reader.FeatureId}" : schema.Features[slot].Name, Format(reader.Type, reader.Value)));
        }

        return rows;
    }

    private static string Format(FeatureValueType type, ReadOnlySpan<byte> value) => type switch
    {
        FeatureValueType.Integer => FeatureRecordReader.TakeInteger(ref value).ToString(CultureInfo.InvariantCulture),
        FeatureValueType.Number => BinaryPrimitives.ReadDoubleLittleEndian(value).ToString(CultureInfo.InvariantCulture),
        FeatureValueType.Text => Encoding.UTF8.GetString(FeatureRecordReader.TakeText(ref value)),
        FeatureValueType.Sequence => FormatSequence(value),
        _ => FormatList(type, value),
    };

    private static string FormatSequence(ReadOnlySpan<byte> value)
    {
        var reader = new SequenceReader(value);
        var entries = new string[reader.Entries];
        for (var i = 0; i < entries.Length; i++)
        {
            var cells = new string[reader.Columns];
            for (var column = 0; column < cells.Length; column++)
            {
                reader.Read();
                cells[column] = reader.Type == 0 ? "" : Format(reader.Type, reader.Value);
            }

            entries[i] = $"({string.Join(", ", cells)})";
        }

        return $"[{string.Join(", ", entries)}]";
    }

    private static string FormatList(FeatureValueType type, ReadOnlySpan<byte> value)
    {
        var texts = new string[(int)FeatureRecordReader.TakeVarint(ref value)];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = type is FeatureValueType.TextList or FeatureValueType.WeightedTextList
                ? Encoding.UTF8.GetString(FeatureRecordReader.TakeText(ref value))
                : FeatureRecordReader.TakeInteger(ref value).ToString(CultureInfo.InvariantCulture);
        }

        // What is left are the weights, if there are any.
        for (var i = 0; i < texts.Length && !value.IsEmpty; i++)
        {
            texts[i] += $":{BinaryPrimitives.ReadSingleLittleEndian(value).ToString(CultureInfo.InvariantCulture)}";
            value = value[4..];
        }

        return $"[{string.Join(", ", texts)}]";
    }
}
