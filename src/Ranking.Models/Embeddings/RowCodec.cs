using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Ranking.Models;

/// <summary>
/// A row of an embedding table as bytes, little endian: its numbers in 32 bits; in 16 (IEEE 754 binary16); or the row's
/// scale in 32 bits, the largest of its numbers in size by 127, and for each number the integer −127 … 127 that times the
/// scale comes nearest to it (row-wise symmetric quantisation: Guan et al., Post-Training 4-bit Quantization on Embedding
/// Tables, 2019, with 8 bits).
/// </summary>
public static class RowCodec
{
    /// <summary>Bytes of the scale before a row of integers.</summary>
    public const int ScaleLength = sizeof(float);

    private const float LargestInteger = 127;
    private const float SmallestHalf = 6.1035156e-5f;
    private const float LargestHalf = 65504;

    /// <summary>Bytes of a row.</summary>
    public static int LengthOf(RowPrecision precision, int dimension) => precision switch
    {
        RowPrecision.Float16 => dimension * sizeof(ushort),
        RowPrecision.Int8 => ScaleLength + dimension,
        _ => dimension * sizeof(float),
    };

    /// <summary>Writes a row.</summary>
    /// <param name="precision">In what numbers.</param>
    /// <param name="row">[dimension] finite numbers.</param>
    /// <param name="bytes">[<see cref="LengthOf"/>]</param>
    public static void Write(RowPrecision precision, ReadOnlySpan<float> row, Span<byte> bytes)
    {
        switch (precision)
        {
            case RowPrecision.Float16:
                for (var i = 0; i < row.Length; i++)
                {
                    // What has no 11 bits in 16 counts as 0: no processor then has a slow way with it, and none its own.
                    var number = MathF.Abs(row[i]) < SmallestHalf ? 0 : Math.Clamp(row[i], -LargestHalf, LargestHalf);
                    BinaryPrimitives.WriteHalfLittleEndian(bytes[(i * sizeof(ushort))..], (Half)number);
                }

                break;
            case RowPrecision.Int8:
                var scale = Largest(row) / LargestInteger;
                BinaryPrimitives.WriteSingleLittleEndian(bytes, scale);
                for (var i = 0; i < row.Length; i++)
                {
                    // A scale too small for a normal number is rounded, and the largest number may be more than 127 of it.
                    bytes[ScaleLength + i] = (byte)(sbyte)(scale == 0 ? 0 : Math.Clamp(MathF.Round(row[i] / scale), -LargestInteger, LargestInteger));
                }

                break;
            default:
                MemoryMarshal.AsBytes(row).CopyTo(bytes);
                break;
        }
    }

    /// <summary>Reads a row.</summary>
    /// <param name="precision">In what numbers it is.</param>
    /// <param name="bytes">[<see cref="LengthOf"/>]</param>
    /// <param name="row">[dimension]</param>
    public static void Read(RowPrecision precision, ReadOnlySpan<byte> bytes, Span<float> row)
    {
        switch (precision)
        {
            case RowPrecision.Float16:
                for (var i = 0; i < row.Length; i++)
                {
                    row[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(i * sizeof(ushort))..]);
                }

                break;
            case RowPrecision.Int8:
                var scale = BinaryPrimitives.ReadSingleLittleEndian(bytes);
                for (var i = 0; i < row.Length; i++)
                {
                    row[i] = scale * (sbyte)bytes[ScaleLength + i];
                }

                break;
            default:
                bytes.CopyTo(MemoryMarshal.AsBytes(row));
                break;
        }
    }

    private static float Largest(ReadOnlySpan<float> row)
    {
        var largest = 0f;
        foreach (var number in row)
        {
            largest = MathF.Max(largest, MathF.Abs(number));
        }

        return largest;
    }
}
