using System.Collections.Immutable;

namespace Ranking.Files;

/// <summary>What the values of a written column are.</summary>
public enum TableColumnType : byte
{
    /// <summary>Whole numbers of 64 bits.</summary>
    Integer = 0,

    /// <summary>Real numbers of 64 bits.</summary>
    Number = 1,

    /// <summary>Texts.</summary>
    Text = 2,
}

/// <summary>A column of a table that is written. Every cell may be empty.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What its values are.</param>
public sealed record TableColumn(string Name, TableColumnType Type);

/// <summary>Writes a table row by row. Formats by ending: .jsonl, .jsonl.gz, .parquet. <see cref="TableReader"/> reads them.</summary>
public abstract class TableWriter : IDisposable
{
    private protected TableWriter(ImmutableArray<TableColumn> columns) => Columns = columns;

    /// <summary>The columns.</summary>
    public ImmutableArray<TableColumn> Columns { get; }

    /// <summary>How many rows have been written.</summary>
    public long Rows { get; private set; }

    /// <summary>Creates a table, in the place of one that is there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">The columns; each name once.</param>
    /// <exception cref="TableException">The ending is of no known format, a column is named twice, or the file cannot be written.</exception>
    public static TableWriter Create(string path, ImmutableArray<TableColumn> columns)
    {
        if (columns.CountBy(column => column.Name).Where(pair => pair.Value > 1).Select(pair => pair.Key).ToList() is { Count: > 0 } twice)
        {
            throw new TableException($"{path}: several columns are named {string.Join(", ", twice)}; rename the features of these names.");
        }

        try
        {
            return TableReader.FormatOf(path) switch
            {
                ".jsonl" => new JsonLinesTableWriter(path, columns),
                ".parquet" => new ParquetTableWriter(path, columns),
                _ => throw new TableException($"{path}: a table of no known format; name a file .parquet, .jsonl or .jsonl.gz."),
            };
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            throw new TableException($"{path}: cannot be written: {unwritable.Message}", unwritable);
        }
    }

    /// <summary>Writes a row.</summary>
    /// <param name="row">[columns] its cells; an integer column takes whole numbers, a number column any numbers.</param>
    public void Write(ReadOnlySpan<TableValue> row)
    {
        WriteRow(row);
        Rows++;
    }

    /// <summary>Writes what is not written yet, and closes the file.</summary>
    public abstract void Dispose();

    private protected abstract void WriteRow(ReadOnlySpan<TableValue> row);
}
