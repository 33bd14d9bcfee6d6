using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Ranking.Models;

/// <summary>An embedding table of an artifact, read where it stands on disk. Safe for any number of threads.</summary>
public sealed unsafe class MappedEmbeddingTable : IDisposable
{
    private readonly MappedFile index;
    private readonly MappedFile rows;
    private readonly long spread;
    private readonly int rowLength;

    /// <exception cref="ArtifactException">A file is damaged, of another format, or does not fit the other.</exception>
    internal MappedEmbeddingTable(string folder, string name)
    {
        Name = name;
        index = new MappedFile(folder, ArtifactFiles.IndexOf(name), EmbeddingHeader.IndexMagic, Unsafe.SizeOf<EmbeddingSlot>());
        try
        {
            rows = new MappedFile(folder, ArtifactFiles.RowsOf(name), EmbeddingHeader.RowsMagic, 0);
        }
        catch
        {
            index.Dispose();
            throw;
        }

        (spread, Dimension, Count) = (index.Header.Spread, rows.Header.Dimension, (int)rows.Header.Count);
        (Precision, rowLength) = (rows.Header.Precision, RowCodec.LengthOf(rows.Header.Precision, Dimension));
        if (index.Header.Count != Count || index.Header.Dimension != Dimension)
        {
            Dispose();
            throw new ArtifactException(
                ArtifactFiles.IndexOf(name),
                $"is of {index.Header.Count} rows of {index.Header.Dimension} numbers; the rows file holds {Count} of {Dimension}.");
        }
    }

    /// <summary>The table's name.</summary>
    public string Name { get; }

    /// <summary>Numbers a row.</summary>
    public int Dimension { get; }

    /// <summary>In what numbers its rows are.</summary>
    public RowPrecision Precision { get; }

    /// <summary>How many rows there are.</summary>
    public int Count { get; }

    /// <summary>Bytes of both files.</summary>
    public long Length => index.Length + rows.Length;

    /// <summary>The number of the key's row, or −1. About one cache miss, whatever the size.</summary>
    public int Find(ulong key)
    {
        for (var slot = (EmbeddingSlot*)index.Content + EmbeddingSlot.Home(key, spread); slot->Row != EmbeddingSlot.Free; slot++)
        {
            if (slot->Key == key)
            {
                return slot->Row;
            }
        }

        return -1;
    }

    /// <summary>Asks for the memory in which <see cref="Find"/> will look, without waiting for it.</summary>
    public void Prefetch(ulong key) => Prefetch((EmbeddingSlot*)index.Content + EmbeddingSlot.Home(key, spread));

    /// <summary>Asks for the memory of a row's first numbers, without waiting for it.</summary>
    public void PrefetchRow(int row) => Prefetch(rows.Content + ((long)row * rowLength));

    /// <summary>A row as <see cref="RowCodec"/> wrote it, valid until the table is disposed.</summary>
    public ReadOnlySpan<byte> BytesOf(int row) => new(rows.Content + ((long)row * rowLength), rowLength);

    /// <summary>Reads a row.</summary>
    /// <param name="row">Its number.</param>
    /// <param name="numbers">[<see cref="Dimension"/>]</param>
    public void Read(int row, Span<float> numbers) => RowCodec.Read(Precision, BytesOf(row), numbers);

    /// <inheritdoc/>
    public void Dispose()
    {
        index.Dispose();
        rows.Dispose();
    }

    private static void Prefetch(void* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }
}
