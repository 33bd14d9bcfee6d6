using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ranking.Learning;

/// <summary>
/// Copies a part of a matrix into panels, in the order in which <see cref="MicroKernel"/> reads: number (i, k) of a panel
/// at k · width + i, rows beyond the matrix as zeros.
/// </summary>
internal static unsafe class PanelPacking
{
    // Rows of a wide matrix lie on pages of their own, and the processor does not look ahead across pages by itself.
    private const int Ahead = 12;

    /// <param name="source">The matrix; its rows are dealt to panels.</param>
    /// <param name="member">Which of its members.</param>
    /// <param name="row">The first panel's first row.</param>
    /// <param name="end">The row after the last.</param>
    /// <param name="column">The first column.</param>
    /// <param name="inner">How many columns.</param>
    /// <param name="width">Rows of a panel, a multiple of four.</param>
    /// <param name="panels">[panels, inner, width].</param>
    public static void Pack(in MatrixView source, int member, int row, int end, int column, int inner, int width, float* panels)
    {
        var whole = (end - row) / width;
        var from = source.At(member, row, column);
        if (source.RowStride == 1)
        {
            Copied(from, source.MaskDistance, source.ColumnStride, whole, inner, width, panels);
        }
        else
        {
            for (var i = 0; i < whole * width; i += 4)
            {
                var panel = panels + (i / width * (nint)inner * width) + (i % width);
                Transposed(from + (i * source.RowStride), source.MaskDistance, source.RowStride, inner, width, panel);
            }
        }

        if (row + (whole * width) is var rest && rest < end)
        {
            Partly(source, member, rest, end, column, inner, width, panels + (whole * (nint)inner * width));
        }
    }

    private static void Partly(in MatrixView source, int member, int row, int end, int column, int inner, int width, float* panel)
    {
        var from = source.At(member, row, column);
        var (rowStride, columnStride, mask, rows) = (source.RowStride, source.ColumnStride, source.MaskDistance, end - row);
        new Span<float>(panel, inner * width).Clear();
        for (var k = 0; k < inner; k++, from += columnStride, panel += width)
        {
            for (var i = 0; i < rows; i++)
            {
                panel[i] = Load(from + (i * rowStride), mask);
            }
        }
    }

    // All panels go forward together: a row of memory is read once, as far as it goes.
    private static void Copied(float* from, nint mask, nint columnStride, int panels, int inner, int width, float* first)
    {
        for (var k = 0; k < inner; k++, from += columnStride)
        {
            for (var i = 0; i < panels * width; i += 16)
            {
                Sse.Prefetch0(from + (Ahead * columnStride) + i);
                Sse.Prefetch0(from + mask + (Ahead * columnStride) + i);
            }

            var source = from;
            var target = first + ((nint)k * width);
            for (var panel = 0; panel < panels; panel++, source += width, target += (nint)inner * width)
            {
                for (var i = 0; i < width; i += 4)
                {
                    Load128(source + i, mask).Store(target + i);
                }
            }
        }
    }

    // Four rows, sixteen numbers of each at a time.
    private static void Transposed(float* row0, nint mask, nint stride, int inner, int width, float* panel)
    {
        var row1 = row0 + stride;
        var row2 = row1 + stride;
        var row3 = row2 + stride;
        var k = 0;
        for (; k + 16 <= inner; k += 16, panel += 16 * width)
        {
            var (a, b, c, d) = (Load512(row0 + k, mask), Load512(row1 + k, mask), Load512(row2 + k, mask), Load512(row3 + k, mask));
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
            (panel[0], panel[1], panel[2], panel[3]) = (Load(row0 + k, mask), Load(row1 + k, mask), Load(row2 + k, mask), Load(row3 + k, mask));
        }
    }

    private static float Load(float* from, nint mask) => mask == 0 || from[mask] > 0 ? *from : 0;

    private static Vector128<float> Load128(float* from, nint mask) => mask == 0
        ? Vector128.Load(from)
        : Vector128.Load(from) & Vector128.GreaterThan(Vector128.Load(from + mask), Vector128<float>.Zero);

    private static Vector512<float> Load512(float* from, nint mask) => mask == 0
        ? Vector512.Load(from)
        : Vector512.ConditionalSelect(Vector512.GreaterThan(Vector512.Load(from + mask), Vector512<float>.Zero), Vector512.Load(from), Vector512<float>.Zero);

    private static void Scatter(Vector512<float> quarters, float* panel, int width)
    {
        quarters.GetLower().GetLower().Store(panel);
        quarters.GetLower().GetUpper().Store(panel + (4 * width));
        quarters.GetUpper().GetLower().Store(panel + (8 * width));
        quarters.GetUpper().GetUpper().Store(panel + (12 * width));
    }
}
