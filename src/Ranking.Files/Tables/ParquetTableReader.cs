using Parquet;
using Parquet.Schema;

namespace Ranking.Files;

/// <summary>Flat Parquet columns, a row group in memory at a time.</summary>
internal sealed class ParquetTableReader : TableReader
{
    private readonly FileStream file;
    private readonly ParquetReader reader;
    private readonly DataField[] fields;
    private readonly TableValue[][] columns;
    private int group;
    private int rowInGroup;
    private int rowsInGroup;

    public ParquetTableReader(string path)
        : base(path)
    {
        file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        reader = ParquetReader.CreateAsync(file).GetAwaiter().GetResult();
        fields = reader.Schema.GetDataFields();
        if (Array.Find(fields, field => field.MaxRepetitionLevel > 0 || field.Path.Length > 1) is { } nested)
        {
            throw new TableException($"{path}: the column '{nested.Path}' is nested; write lists as one text with separators.");
        }

        Columns = [.. fields.Select(field => field.Name)];
        columns = new TableValue[fields.Length][];
    }

    public override long Line => Row + 1;

    public override double Progress => reader.RowGroupCount == 0 ? 1 : (group - 1 + ((double)rowInGroup / Math.Max(1, rowsInGroup))) / reader.RowGroupCount;

    public override TableValue this[int column] => columns[column][rowInGroup];

    public override void Dispose()
    {
        reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        file.Dispose();
    }

    private protected override bool ReadRow()
    {
        rowInGroup++;
        while (rowInGroup >= rowsInGroup)
        {
            if (group == reader.RowGroupCount)
            {
                return false;
            }

            LoadGroup();
        }

        return true;
    }

    private void LoadGroup()
    {
        using var rows = reader.OpenRowGroupReader(group++);
        (rowInGroup, rowsInGroup) = (0, (int)rows.RowCount);
        for (var i = 0; i < fields.Length; i++)
        {
            columns[i] = ParquetColumn.Read(rows, fields[i], rowsInGroup, Path);
        }
    }
}
