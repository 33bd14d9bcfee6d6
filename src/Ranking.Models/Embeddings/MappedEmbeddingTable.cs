using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Ranking.Models;

/// <summary>
/// An embedding table of an artifact, read where it stands on disk; of a delta, over the table of its base, whose rows keep
/// their numbers. Safe for any number of threads.
/// </summary>
public sealed unsafe class MappedEmbeddingTable : IDisposable
{
    private readonly TableFile index;
    private readonly TableFile rows;
    private readonly MappedEmbeddingTable? under;
    private readonly int first;
    private readonly long spread;
    private readonly int rowLength;

    /// <param name="folder">The version's.</param>
    /// <param name="name">The table's name.</param>
    /// <param name="under">The base's table, which must outlive a delta's; null for a full version.</param>
    /// <exception cref="ArtifactException">A file is damaged, of another format, or does not fit the other or the base.</exception>
    internal MappedEmbeddingTable(string folder, string name, MappedEmbeddingTable? under = null)
    {
        (Name, this.under, first) = (name, under, under?.Count ?? 0);
        index = new TableFile(folder, ArtifactFiles.IndexOf(name), EmbeddingHeader.IndexMagic, Unsafe.SizeOf<EmbeddingSlot>());
        try
        {
            rows = new TableFile(folder, ArtifactFiles.RowsOf(name), EmbeddingHeader.RowsMagic, 0);
        }
        catch
        {
            index.Dispose();
            throw;
        }

        (spread, Dimension, OwnCount) = (index.Header.Spread, rows.Header.Dimension, (int)rows.Header.Count);
        (Precision, rowLength) = (rows.Header.Precision, RowCodec.LengthOf(rows.Header.Precision, Dimension));
        if (index.Header.Count != OwnCount || index.Header.Dimension != Dimension)
        {
            Dispose();
            throw new ArtifactException(
                ArtifactFiles.IndexOf(name),
                $"is of {index.Header.Count} rows of {index.Header.Dimension} numbers; the rows file holds {OwnCount} of {Dimension}.");
        }

        if (under is not null && (under.Dimension, under.Precision) != (Dimension, Precision))
        {
            Dispose();
            throw new ArtifactException(
                ArtifactFiles.RowsOf(name), $"has rows of {Dimension} numbers in {Precision}; its base has {under.Dimension} in {under.Precision}.");
        }
    }

    /// <summary>The table's name.</summary>
    public string Name { get; }

    /// <summary>Numbers a row.</summary>
    public int Dimension { get; }

    /// <summary>In what numbers its rows are.</summary>
    public RowPrecision Precision { get; }

    /// <summary>How many rows there are, those that a delta has anew counted again.</summary>
    public int Count => first + OwnCount;

    /// <summary>How many of them are this version's own: of a full version, all.</summary>
    public int OwnCount { get; }

    /// <summary>Bytes of both files of its own.</summary>
    public long Length => index.Length + rows.Length;

    /// <summary>The number of the key's row, or −1. About one cache miss, whatever the size; a delta's is one more.</summary>
    public int Find(ulong key)
    {
        var own = FindOwn(key);
        return own < 0 && under is not null ? under.Find(key) : own;
    }

    /// <summary>The number of the row that a version has of its own for the key, or −1.</summary>
    public int FindOwn(ulong key)
    {
        for (var slot = (EmbeddingSlot*)index.Content + EmbeddingSlot.Home(key, spread); slot->Row != EmbeddingSlot.Free; slot++)
        {
            if (slot->Key == key)
            {
                return first + slot->Row;
            }
        }

        return -1;
    }

    /// <summary>Goes through the rows of its own, ascending by key: the key and the row's number.</summary>
    public void VisitOwn(Action<ulong, int> visit)
    {
        for (var slot = 0L; slot < index.Header.Length; slot++)
        {
            if (((EmbeddingSlot*)index.Content)[slot] is { Row: not EmbeddingSlot.Free } taken)
            {
                visit(taken.Key, first + taken.Row);
            }
        }
    }

    /// <summary>Asks for the memory in which <see cref="Find"/> will look, without waiting for it.</summary>
    public void Prefetch(ulong key)
    {
        under?.Prefetch(key);
        Prefetch((EmbeddingSlot*)index.Content + EmbeddingSlot.Home(key, spread));
    }

    /// <summary>Asks for the memory of a row's first numbers, without waiting for it.</summary>
    public void PrefetchRow(int row) => Prefetch(At(row));

    /// <summary>A row as <see cref="RowCodec"/> wrote it, valid until the table is disposed.</summary>
    public ReadOnlySpan<byte> BytesOf(int row) => new(At(row), rowLength);

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

    private byte* At(int row) => row < first ? under!.At(row) : rows.Content + ((long)(row - first) * rowLength);

    private static void Prefetch(void* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }
}
