using System.Collections.Immutable;
using Parquet;
using Parquet.Schema;

namespace Ranking.Files;

/// <summary>Flat optional Parquet columns, a row group in memory at a time.</summary>
internal sealed class ParquetTableWriter : TableWriter
{
    private const int RowsInGroup = 65_536;

    private readonly FileStream file;
    private readonly ParquetSchema schema;
    private readonly List<TableValue>[] columns;
    private readonly ParquetWriter writer;

    public ParquetTableWriter(string path, ImmutableArray<TableColumn> columns)
        : base(columns)
    {
        schema = new ParquetSchema([.. columns.Select(FieldOf)]);
        this.columns = [.. columns.Select(_ => new List<TableValue>())];
        file = File.Create(path);
        writer = ParquetWriter.CreateAsync(schema, file).GetAwaiter().GetResult();
    }

    public override void Dispose()
    {
        WriteGroupAsync().GetAwaiter().GetResult();
        writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
        file.Dispose();
    }

    private protected override void WriteRow(ReadOnlySpan<TableValue> row)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i].Add(row[i]);
        }

        if (columns[0].Count == RowsInGroup)
        {
            WriteGroupAsync().GetAwaiter().GetResult();
        }
    }

    private async Task WriteGroupAsync()
    {
        using var rows = writer.CreateRowGroup();
        foreach (var (field, (column, values)) in schema.GetDataFields().Zip(Columns.Zip(columns)))
        {
            await (column.Type switch
            {
                TableColumnType.Integer => rows.WriteAsync<long>(field, values.Select(IntegerOf).ToArray()),
                TableColumnType.Number => rows.WriteAsync<double>(field, values.Select(NumberOf).ToArray()),
                _ => rows.WriteAsync(field, values.Select(value => value.IsMissing ? null! : value.ToString()).ToArray()),
            }).ConfigureAwait(false);
            values.Clear();
        }
    }

    private static DataField FieldOf(TableColumn column) => column.Type switch
    {
        TableColumnType.Integer => new DataField<long?>(column.Name),
        TableColumnType.Number => new DataField<double?>(column.Name),
        _ => new DataField<string>(column.Name),
    };

    private static long? IntegerOf(TableValue value) => value.TryGetInteger(out var integer) ? integer : null;

    private static double? NumberOf(TableValue value) => value.TryGetNumber(out var number) ? number : null;
}
