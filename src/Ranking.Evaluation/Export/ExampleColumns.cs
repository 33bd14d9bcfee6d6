using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Ranking.Core;
using Ranking.Files;

namespace Ranking.Evaluation;

/// <summary>
/// Examples as rows of a table: <c>sequence</c>, <c>event_time_ms</c>, <c>impression</c> and <c>user</c> (hashes, in
/// hexadecimal), <c>split</c>, <c>is_reconstructed</c>, <c>weight</c>, <c>sampling_rate</c>, for each task
/// <c>label_TASK</c> (empty where the example does not carry it) and <c>observed_TASK</c>, then the raw features by name.
/// A list is one text, its ids separated by commas, each followed by a colon and its weight where it has one; sequences are left out.
/// </summary>
internal sealed class ExampleColumns
{
    private readonly TaskSet tasks;
    private readonly FeatureSchema schema;
    private readonly TableValue[] row;
    private readonly int[] columnOfSlot;
    private readonly int firstFeature;

    public ExampleColumns(TaskSet tasks, FeatureSchema schema)
    {
        this.tasks = tasks;
        this.schema = schema;
        // A derived feature is no raw value: the encoder computes it.
        var raw = schema.Features.Where(feature => feature.Derived is null && feature.Kind != FeatureKind.Sequence).ToList();
        columnOfSlot = [.. schema.Features.Select(raw.IndexOf)];
        Columns =
        [
            Integer("sequence"), Integer("event_time_ms"), Text("impression"), Text("user"), Text("split"), Integer("is_reconstructed"),
            Number("weight"), Number("sampling_rate"),
            .. tasks.Tasks.SelectMany(task => new[] { Integer($"label_{task.Name}"), Integer($"observed_{task.Name}") }),
            .. raw.Select(feature => feature.Kind == FeatureKind.Numeric ? Number(feature.Name) : Text(feature.Name)),
        ];
        firstFeature = Columns.Length - raw.Count;
        row = new TableValue[Columns.Length];
    }

    public ImmutableArray<TableColumn> Columns { get; }

    /// <summary>The example's row; it holds until the next call.</summary>
    public ReadOnlySpan<TableValue> RowOf(Example example)
    {
        Array.Clear(row);
        (row[0], row[1]) = (TableValue.Of(example.Sequence), TableValue.Of(example.EventTime));
        (row[2], row[3]) = (TableValue.Of($"{example.Impression:x32}"), TableValue.Of($"{example.User:x16}"));
        (row[4], row[5]) = (TableValue.Of(example.Split), TableValue.Of(example.IsReconstructed ? 1L : 0L));
        (row[6], row[7]) = (TableValue.Of((double)example.Weight), TableValue.Of((double)example.SamplingRate));
        for (var task = 0; task < tasks.Count; task++)
        {
            var isObserved = (example.Observed >> task & 1) == 1;
            row[8 + (2 * task)] = isObserved ? TableValue.Of((long)(example.Labels >> task & 1)) : default;
            row[9 + (2 * task)] = TableValue.Of(isObserved ? 1L : 0L);
        }

        Add(example.Features.User);
        Add(example.Features.Context);
        Add(example.Features.Item);
        Add(example.Features.Pair);
        return row;
    }

    private void Add(ReadOnlyMemory<byte> record)
    {
        var reader = new FeatureRecordReader(record.Span);
        while (reader.Read())
        {
            var slot = schema.SlotOf(reader.FeatureId);
            if (slot >= 0 && columnOfSlot[slot] >= 0)
            {
                row[firstFeature + columnOfSlot[slot]] = ValueOf(reader.Type, reader.Value);
            }
        }
    }

    private static TableValue ValueOf(FeatureValueType type, ReadOnlySpan<byte> value) => type switch
    {
        FeatureValueType.Integer => TableValue.Of(FeatureRecordReader.TakeInteger(ref value)),
        FeatureValueType.Number => TableValue.Of(BinaryPrimitives.ReadDoubleLittleEndian(value)),
        FeatureValueType.Text => TableValue.Of(Encoding.UTF8.GetString(FeatureRecordReader.TakeText(ref value))),
        _ => TableValue.Of(ListOf(type, value)),
    };

    private static string ListOf(FeatureValueType type, ReadOnlySpan<byte> value)
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
            value = value[sizeof(float)..];
        }

        return string.Join(',', texts);
    }

    private static TableColumn Integer(string name) => new(name, TableColumnType.Integer);

    private static TableColumn Number(string name) => new(name, TableColumnType.Number);

    private static TableColumn Text(string name) => new(name, TableColumnType.Text);
}
