using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ranking.Learning;

/// <summary>
/// Copies a part of a matrix into panels, in the order in which <see cref="MicroKernel"/> reads: number (i, k) of a panel
/// at k · width + i, rows beyond the matrix as zeros.
/// </summary>
internal static unsafe class PanelPacking
{
    /// <param name="source">The matrix; its rows are dealt to panels.</param>
    /// <param name="member">Which of its members.</param>
    /// <param name="row">The panel's first row.</param>
    /// <param name="column">The first column.</param>
    /// <param name="inner">How many columns.</param>
    /// <param name="width">Rows of a panel, a multiple of four.</param>
    /// <param name="panel">[inner, width].</param>
    public static void Pack(in MatrixView source, int member, int row, int column, int inner, int width, float* panel)
    {
        var rows = Math.Min(width, source.Rows - row);
        var from = source.At(member, row, column);
        if (rows < width)
        {
            Partly(from, source.RowStride, source.ColumnStride, rows, inner, width, panel);
        }
        else if (source.RowStride == 1)
        {
            Copied(from, source.ColumnStride, inner, width, panel);
        }
        else
        {
            for (var i = 0; i < width; i += 4)
            {
                Transposed(from + (i * source.RowStride), source.RowStride, inner, width, panel + i);
            }
        }
    }

    private static void Partly(float* from, nint rowStride, nint columnStride, int rows, int inner, int width, float* panel)
    {
        for (var k = 0; k < inner; k++, panel += width)
        {
            for (var i = 0; i < width; i++)
            {
                panel[i] = i < rows ? from[(i * rowStride) + (k * columnStride)] : 0;
            }
        }
    }

    private static void Copied(float* from, nint columnStride, int inner, int width, float* panel)
    {
        for (var k = 0; k < inner; k++, from += columnStride, panel += width)
        {
            for (var i = 0; i < width; i += 4)
            {
                Vector128.Load(from + i).Store(panel + i);
            }
        }
    }

    // Four rows, sixteen numbers of each at a time.
    private static void Transposed(float* row0, nint stride, int inner, int width, float* panel)
    {
        var row1 = row0 + stride;
        var row2 = row1 + stride;
        var row3 = row2 + stride;
        var k = 0;
        for (; k + 16 <= inner; k += 16, panel += 16 * width)
        {
            var (a, b, c, d) = (Vector512.Load(row0 + k), Vector512.Load(row1 + k), Vector512.Load(row2 + k), Vector512.Load(row3 + k));
            var (lowAC, highAC) = (Avx512F.UnpackLow(a, c), Avx512F.UnpackHigh(a, c));
            var (lowBD, highBD) = (Avx512F.UnpackLow(b, d), Avx512F.UnpackHigh(b, d));
            // Of each four numbers in a row, the same place: quarter q of vector j is column 4q + j.
            Scatter(Avx512F.UnpackLow(lowAC, lowBD), panel, width);
            Scatter(Avx512F.UnpackHigh(lowAC, lowBD), panel + width, width);
            Scatter(Avx512F.UnpackLow(highAC, highBD), panel + (2 * width), width);
            Scatter(Avx512F.UnpackHigh(highAC, highBD), panel + (3 * width), width);
        }

        for (; k < inner; k++, panel += width)
        {
            (panel[0], panel[1], panel[2], panel[3]) = (row0[k], row1[k], row2[k], row3[k]);
        }
    }

    private static void Scatter(Vector512<float> quarters, float* panel, int width)
    {
        quarters.GetLower().GetLower().Store(panel);
        quarters.GetLower().GetUpper().Store(panel + (4 * width));
        quarters.GetUpper().GetLower().Store(panel + (8 * width));
        quarters.GetUpper().GetUpper().Store(panel + (12 * width));
    }
}
