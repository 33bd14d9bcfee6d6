using System.Collections.Immutable;
using System.IO.Compression;

namespace Ranking.Files;

/// <summary>A file that is no usable table; the message names file, place, what was found and the fix.</summary>
public sealed class TableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Reads a table row by row. Formats by ending: .csv, .csv.gz, .jsonl, .jsonl.gz, .parquet.</summary>
public abstract class TableReader : IDisposable
{
    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The columns' names.</summary>
    public ImmutableArray<string> Columns { get; protected init; }

    /// <summary>The current row, from 0; −1 before the first.</summary>
    public long Row { get; private set; } = -1;

    /// <summary>The current row's line in the file, or its number from 1 where the format has no lines.</summary>
    public abstract long Line { get; }

    /// <summary>Why the current row cannot be used; null where it can.</summary>
    public virtual string? Fault => null;

    /// <summary>How much of the file has been read, 0 to 1.</summary>
    public abstract double Progress { get; }

    /// <param name="path">The file.</param>
    private protected TableReader(string path) => Path = path;

    /// <summary>The current row's value in a column.</summary>
    public abstract TableValue this[int column] { get; }

    /// <summary>Opens a table.</summary>
    /// <exception cref="TableException">The file is missing, or of no known format.</exception>
    public static TableReader Open(string path)
    {
        try
        {
            return FormatOf(path) switch
            {
                ".csv" => new CsvTableReader(path),
                ".jsonl" => new JsonLinesTableReader(path),
                ".parquet" => new ParquetTableReader(path),
                _ => throw new TableException($"{path}: a table of no known format; give a file .csv, .csv.gz, .jsonl, .jsonl.gz or .parquet."),
            };
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new TableException($"{path}: cannot be read: {unreadable.Message} Check the path and the file.", unreadable);
        }
    }

    /// <summary>Goes to the next row; false at the end.</summary>
    public bool Read()
    {
        if (!ReadRow())
        {
            return false;
        }

        Row++;
        return true;
    }

    /// <summary>The index of a column, or −1.</summary>
    public int IndexOf(string column) => Columns.IndexOf(column);

    /// <inheritdoc/>
    public abstract void Dispose();

    private protected abstract bool ReadRow();

    internal static string FormatOf(string path) =>
        System.IO.Path.GetExtension(path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path).ToLowerInvariant();

    private protected static (FileStream File, Stream Content) OpenStream(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        return (file, path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file);
    }
}
