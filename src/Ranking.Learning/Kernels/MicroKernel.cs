using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ranking.Learning;

/// <summary>
/// Twelve rows by thirty-two columns of a product, in registers: 24 vectors of sums, two of the right side and one of the
/// left of AVX-512's 32. Each number is one chain of fused multiply-adds in ascending order of the inner index.
/// </summary>
internal static unsafe class MicroKernel
{
    /// <summary>Rows of a tile.</summary>
    public const int Rows = 12;

    /// <summary>Columns of a tile.</summary>
    public const int Columns = 32;

    /// <param name="inner">How many products each sum takes.</param>
    /// <param name="left">[inner, 12], as <see cref="PanelPacking"/> writes it.</param>
    /// <param name="right">[inner, 32].</param>
    /// <param name="output">[12, 32], <paramref name="stride"/> numbers from row to row.</param>
    /// <param name="stride">The distance of two rows of the output.</param>
    /// <param name="goesOn">Whether the sums go on from what the output holds; from zero otherwise.</param>
    /// <param name="finish">What follows the last product.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int inner, float* left, float* right, float* output, nint stride, bool goesOn, Finish finish)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default, a8 = default, a9 = default, a10 = default, a11 = default;
        Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default, b6 = default, b7 = default, b8 = default, b9 = default, b10 = default, b11 = default;
        if (goesOn)
        {
            (a0, b0) = (Vector512.Load(output + (0 * stride)), Vector512.Load(output + (0 * stride) + 16));
            (a1, b1) = (Vector512.Load(output + (1 * stride)), Vector512.Load(output + (1 * stride) + 16));
            (a2, b2) = (Vector512.Load(output + (2 * stride)), Vector512.Load(output + (2 * stride) + 16));
            (a3, b3) = (Vector512.Load(output + (3 * stride)), Vector512.Load(output + (3 * stride) + 16));
            (a4, b4) = (Vector512.Load(output + (4 * stride)), Vector512.Load(output + (4 * stride) + 16));
            (a5, b5) = (Vector512.Load(output + (5 * stride)), Vector512.Load(output + (5 * stride) + 16));
            (a6, b6) = (Vector512.Load(output + (6 * stride)), Vector512.Load(output + (6 * stride) + 16));
            (a7, b7) = (Vector512.Load(output + (7 * stride)), Vector512.Load(output + (7 * stride) + 16));
            (a8, b8) = (Vector512.Load(output + (8 * stride)), Vector512.Load(output + (8 * stride) + 16));
            (a9, b9) = (Vector512.Load(output + (9 * stride)), Vector512.Load(output + (9 * stride) + 16));
            (a10, b10) = (Vector512.Load(output + (10 * stride)), Vector512.Load(output + (10 * stride) + 16));
            (a11, b11) = (Vector512.Load(output + (11 * stride)), Vector512.Load(output + (11 * stride) + 16));
        }

        for (; inner > 0; inner--, left += Rows, right += Columns)
        {
            var (r, s) = (Vector512.Load(right), Vector512.Load(right + 16));
            var x = Vector512.Create(left[0]);
            (a0, b0) = (Vector512.FusedMultiplyAdd(x, r, a0), Vector512.FusedMultiplyAdd(x, s, b0));
            x = Vector512.Create(left[1]);
            (a1, b1) = (Vector512.FusedMultiplyAdd(x, r, a1), Vector512.FusedMultiplyAdd(x, s, b1));
            x = Vector512.Create(left[2]);
            (a2, b2) = (Vector512.FusedMultiplyAdd(x, r, a2), Vector512.FusedMultiplyAdd(x, s, b2));
            x = Vector512.Create(left[3]);
            (a3, b3) = (Vector512.FusedMultiplyAdd(x, r, a3), Vector512.FusedMultiplyAdd(x, s, b3));
            x = Vector512.Create(left[4]);
            (a4, b4) = (Vector512.FusedMultiplyAdd(x, r, a4), Vector512.FusedMultiplyAdd(x, s, b4));
            x = Vector512.Create(left[5]);
            (a5, b5) = (Vector512.FusedMultiplyAdd(x, r, a5), Vector512.FusedMultiplyAdd(x, s, b5));
            x = Vector512.Create(left[6]);
            (a6, b6) = (Vector512.FusedMultiplyAdd(x, r, a6), Vector512.FusedMultiplyAdd(x, s, b6));
            x = Vector512.Create(left[7]);
            (a7, b7) = (Vector512.FusedMultiplyAdd(x, r, a7), Vector512.FusedMultiplyAdd(x, s, b7));
            x = Vector512.Create(left[8]);
            (a8, b8) = (Vector512.FusedMultiplyAdd(x, r, a8), Vector512.FusedMultiplyAdd(x, s, b8));
            x = Vector512.Create(left[9]);
            (a9, b9) = (Vector512.FusedMultiplyAdd(x, r, a9), Vector512.FusedMultiplyAdd(x, s, b9));
            x = Vector512.Create(left[10]);
            (a10, b10) = (Vector512.FusedMultiplyAdd(x, r, a10), Vector512.FusedMultiplyAdd(x, s, b10));
            x = Vector512.Create(left[11]);
            (a11, b11) = (Vector512.FusedMultiplyAdd(x, r, a11), Vector512.FusedMultiplyAdd(x, s, b11));
        }

        finish.Store(a0, b0, output + (0 * stride));
        finish.Store(a1, b1, output + (1 * stride));
        finish.Store(a2, b2, output + (2 * stride));
        finish.Store(a3, b3, output + (3 * stride));
        finish.Store(a4, b4, output + (4 * stride));
        finish.Store(a5, b5, output + (5 * stride));
        finish.Store(a6, b6, output + (6 * stride));
        finish.Store(a7, b7, output + (7 * stride));
        finish.Store(a8, b8, output + (8 * stride));
        finish.Store(a9, b9, output + (9 * stride));
        finish.Store(a10, b10, output + (10 * stride));
        finish.Store(a11, b11, output + (11 * stride));
    }

    /// <summary>After the last product: the layer's bias and its activation.</summary>
    /// <param name="bias">[32], or null where nothing is added.</param>
    /// <param name="isRelu">Whether numbers below 0 become 0; a NaN stays one.</param>
    /// <param name="isFar">Whether the output, aligned to 64 bytes, is written past the caches, which it is too large for.</param>
    internal readonly struct Finish(float* bias, bool isRelu, bool isFar)
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(Vector512<float> a, Vector512<float> b, float* output)
        {
            if (bias != null)
            {
                (a, b) = (a + Vector512.Load(bias), b + Vector512.Load(bias + 16));
            }

            if (isRelu)
            {
                (a, b) = (Vector512.Max(a, Vector512<float>.Zero), Vector512.Max(b, Vector512<float>.Zero));
            }

            if (isFar)
            {
                a.StoreAlignedNonTemporal(output);
                b.StoreAlignedNonTemporal(output + 16);
                return;
            }

            a.Store(output);
            b.Store(output + 16);
        }
    }
}
