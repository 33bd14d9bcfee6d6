using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ranking.Models;

/// <summary>The first 64 bytes of both files of a table; little endian, as is all that follows.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct EmbeddingHeader
{
    public const ulong IndexMagic = 0x4D425F5844494B52; // "RKIDX_BM"
    public const ulong RowsMagic = 0x4D425F5357524B52; // "RKRWS_BM"
    public const int CurrentVersion = 1;

    public ulong Magic;
    public int FormatVersion;
    public int Dimension;

    /// <summary>Rows of the table.</summary>
    public long Count;

    /// <summary>Index: the number of places that keys are spread over. Rows: 0.</summary>
    public long Spread;

    /// <summary>Index: slots that follow. Rows: rows that follow.</summary>
    public long Length;

    /// <summary>Rows: the numbers that they are in.</summary>
    public RowPrecision Precision;

    public static int Size => Unsafe.SizeOf<EmbeddingHeader>();
}

/// <summary>A slot of the index.</summary>
/// <remarks>
/// A key's home is ⌊key · spread / 2⁶⁴⌋, and a taken home sends it to the next free slot. Keys are hashes, so homes are
/// uniform; homes ascend with keys, so a table sorted by key is written from front to back, whatever its size, and
/// its bytes are a function of its content. The last slot is free, so that every search ends.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct EmbeddingSlot
{
    /// <summary>The row of a free slot.</summary>
    public const int Free = -1;

    public ulong Key;
    public int Row;

    public static long Home(ulong key, long spread) => (long)Math.BigMul(key, (ulong)spread, out _);
}
