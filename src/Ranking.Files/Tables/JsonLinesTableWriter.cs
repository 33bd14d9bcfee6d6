using System.Collections.Immutable;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ranking.Files;

/// <summary>One JSON object a line, with every column: null where a cell is empty.</summary>
internal sealed class JsonLinesTableWriter : TableWriter
{
    private readonly Stream file;
    private readonly Utf8JsonWriter json;

    public JsonLinesTableWriter(string path, ImmutableArray<TableColumn> columns)
        : base(columns)
    {
        var plain = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
        file = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(plain, CompressionLevel.Fastest) : plain;
        json = new Utf8JsonWriter(file, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    public override void Dispose()
    {
        json.Dispose();
        file.Dispose();
    }

    private protected override void WriteRow(ReadOnlySpan<TableValue> row)
    {
        json.WriteStartObject();
        for (var i = 0; i < Columns.Length; i++)
        {
            Write(Columns[i], row[i]);
        }

        json.WriteEndObject();
        json.Flush();
        json.Reset();
        file.WriteByte((byte)'\n');
    }

    private void Write(TableColumn column, TableValue value)
    {
        if (value.IsMissing)
        {
            json.WriteNull(column.Name);
        }
        else if (column.Type == TableColumnType.Integer && value.TryGetInteger(out var integer))
        {
            json.WriteNumber(column.Name, integer);
        }
        else if (column.Type == TableColumnType.Number && value.TryGetNumber(out var number))
        {
            json.WriteNumber(column.Name, number);
        }
        else
        {
            json.WriteString(column.Name, value.ToString());
        }
    }
}
