using System.Runtime.InteropServices;

namespace Ranking.Models;

/// <summary>
/// Writes a table as an index file and a rows file, rows ascending by key. Beside the source it needs 12 bytes a row, for
/// the order.
/// </summary>
internal static class EmbeddingFileWriter
{
    /// <param name="folder">The version's.</param>
    /// <param name="source">The table.</param>
    /// <param name="reserved">Keys that it must have, and what they stand for.</param>
    /// <param name="precision">The numbers that its rows are written in.</param>
    /// <exception cref="ArtifactException">Two rows have one key, or a row that the graph needs is not there.</exception>
    public static void Write(
        string folder, IEmbeddingSource source, IEnumerable<(ulong Key, string Name)> reserved, RowPrecision precision = RowPrecision.Float32)
    {
        var index = ArtifactFiles.IndexOf(source.Name);
        var keys = new ulong[source.Count];
        var places = new int[source.Count];
        source.CopyKeys(keys);
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = i;
        }

        Array.Sort(keys, places);
        for (var i = 1; i < keys.Length; i++)
        {
            if (keys[i] == keys[i - 1])
            {
                throw new ArtifactException(index, $"two rows have the key {keys[i]:x16}.");
            }
        }

        foreach (var (key, name) in reserved)
        {
            if (Array.BinarySearch(keys, key) < 0)
            {
                throw new ArtifactException(index, $"the row for {name} is not among its {keys.Length} rows.");
            }
        }

        WriteIndex(Path.Combine(folder, index), keys, source.Dimension);
        WriteRows(Path.Combine(folder, ArtifactFiles.RowsOf(source.Name)), source, places, precision);
    }

    /// <summary>
    /// Writes a table's rows anew in other numbers, beside those that stand there until all are: whoever has mapped them
    /// keeps them.
    /// </summary>
    public static void Round(string folder, string name, RowPrecision precision)
    {
        var path = Path.Combine(folder, ArtifactFiles.RowsOf(name));
        using (var table = new MappedEmbeddingTable(folder, name))
        using (var stream = Durable.Create(path + ".tmp"))
        {
            WriteRowsHeader(stream, table.Dimension, table.Count, precision);
            var (row, bytes) = (new float[table.Dimension], new byte[RowCodec.LengthOf(precision, table.Dimension)]);
            for (var number = 0; number < table.Count; number++)
            {
                table.Read(number, row);
                RowCodec.Write(precision, row, bytes);
                stream.Write(bytes);
            }

            stream.Flush(flushToDisk: true);
        }

        File.Move(path + ".tmp", path, overwrite: true);
    }

    private static void WriteIndex(string path, ulong[] keys, int dimension)
    {
        var spread = Math.Max(1, keys.Length * 4L / 3);
        var length = 0L;
        foreach (var key in keys)
        {
            length = Math.Max(length, EmbeddingSlot.Home(key, spread)) + 1;
        }

        length = Math.Max(length, spread) + 1;
        using var stream = Durable.Create(path);
        Write(stream, new EmbeddingHeader
        {
            Magic = EmbeddingHeader.IndexMagic,
            FormatVersion = EmbeddingHeader.CurrentVersion,
            Dimension = dimension,
            Count = keys.Length,
            Spread = spread,
            Length = length,
        });
        var next = 0L;
        for (var row = 0; row < keys.Length; row++)
        {
            for (var home = EmbeddingSlot.Home(keys[row], spread); next < home; next++)
            {
                Write(stream, new EmbeddingSlot { Row = EmbeddingSlot.Free });
            }

            Write(stream, new EmbeddingSlot { Key = keys[row], Row = row });
            next++;
        }

        for (; next < length; next++)
        {
            Write(stream, new EmbeddingSlot { Row = EmbeddingSlot.Free });
        }

        stream.Flush(flushToDisk: true);
    }

    private static void WriteRows(string path, IEmbeddingSource source, int[] places, RowPrecision precision)
    {
        using var stream = Durable.Create(path);
        WriteRowsHeader(stream, source.Dimension, places.Length, precision);
        var bytes = new byte[RowCodec.LengthOf(precision, source.Dimension)];
        foreach (var place in places)
        {
            RowCodec.Write(precision, source.Row(place), bytes);
            stream.Write(bytes);
        }

        stream.Flush(flushToDisk: true);
    }

    private static void WriteRowsHeader(Stream stream, int dimension, int count, RowPrecision precision) => Write(stream, new EmbeddingHeader
    {
        Magic = EmbeddingHeader.RowsMagic,
        FormatVersion = EmbeddingHeader.CurrentVersion,
        Dimension = dimension,
        Count = count,
        Length = count,
        Precision = precision,
    });

    private static void Write<T>(Stream stream, T value)
        where T : struct => stream.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));
}
