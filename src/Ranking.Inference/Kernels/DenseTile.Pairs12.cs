using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Ranking.Inference;

/// <content>
/// The block that nearly all of a model is computed in. It takes two inputs a turn, so that fewer of the processor's slots
/// go to the loop itself.
/// </content>
internal readonly unsafe partial struct DenseTile
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pairs12<TLanes>(in DenseTile tile, float* x, float* prior, float* y, byte* ahead)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default, a8 = default, a9 = default, a10 = default, a11 = default;
        TLanes b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default, b6 = default, b7 = default, b8 = default, b9 = default, b10 = default, b11 = default;
        var panel = tile.Panel;
        var s = tile.InputStride;
        var x3 = x + (3 * s);
        var x6 = x + (6 * s);
        var x9 = x + (9 * s);
        var i = tile.Inputs;
        for (; i > 1; i -= 2, panel += 4 * TLanes.Count, x += 2, x3 += 2, x6 += 2, x9 += 2, ahead += Line)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch1(ahead);
            }

            var w = TLanes.Load(ref *panel, 0);
            var v = TLanes.Load(ref *panel, (nuint)TLanes.Count);
            var n = TLanes.All(x[0]);
            (a0, b0) = (a0.AddProduct(n, w), b0.AddProduct(n, v));
            n = TLanes.All(x[s]);
            (a1, b1) = (a1.AddProduct(n, w), b1.AddProduct(n, v));
            n = TLanes.All(x[2 * s]);
            (a2, b2) = (a2.AddProduct(n, w), b2.AddProduct(n, v));
            n = TLanes.All(x3[0]);
            (a3, b3) = (a3.AddProduct(n, w), b3.AddProduct(n, v));
            n = TLanes.All(x3[s]);
            (a4, b4) = (a4.AddProduct(n, w), b4.AddProduct(n, v));
            n = TLanes.All(x3[2 * s]);
            (a5, b5) = (a5.AddProduct(n, w), b5.AddProduct(n, v));
            n = TLanes.All(x6[0]);
            (a6, b6) = (a6.AddProduct(n, w), b6.AddProduct(n, v));
            n = TLanes.All(x6[s]);
            (a7, b7) = (a7.AddProduct(n, w), b7.AddProduct(n, v));
            n = TLanes.All(x6[2 * s]);
            (a8, b8) = (a8.AddProduct(n, w), b8.AddProduct(n, v));
            n = TLanes.All(x9[0]);
            (a9, b9) = (a9.AddProduct(n, w), b9.AddProduct(n, v));
            n = TLanes.All(x9[s]);
            (a10, b10) = (a10.AddProduct(n, w), b10.AddProduct(n, v));
            n = TLanes.All(x9[2 * s]);
            (a11, b11) = (a11.AddProduct(n, w), b11.AddProduct(n, v));
            w = TLanes.Load(ref *panel, (nuint)(2 * TLanes.Count));
            v = TLanes.Load(ref *panel, (nuint)(3 * TLanes.Count));
            n = TLanes.All(x[1]);
            (a0, b0) = (a0.AddProduct(n, w), b0.AddProduct(n, v));
            n = TLanes.All((x + 1)[s]);
            (a1, b1) = (a1.AddProduct(n, w), b1.AddProduct(n, v));
            n = TLanes.All((x + 1)[2 * s]);
            (a2, b2) = (a2.AddProduct(n, w), b2.AddProduct(n, v));
            n = TLanes.All(x3[1]);
            (a3, b3) = (a3.AddProduct(n, w), b3.AddProduct(n, v));
            n = TLanes.All((x3 + 1)[s]);
            (a4, b4) = (a4.AddProduct(n, w), b4.AddProduct(n, v));
            n = TLanes.All((x3 + 1)[2 * s]);
            (a5, b5) = (a5.AddProduct(n, w), b5.AddProduct(n, v));
            n = TLanes.All(x6[1]);
            (a6, b6) = (a6.AddProduct(n, w), b6.AddProduct(n, v));
            n = TLanes.All((x6 + 1)[s]);
            (a7, b7) = (a7.AddProduct(n, w), b7.AddProduct(n, v));
            n = TLanes.All((x6 + 1)[2 * s]);
            (a8, b8) = (a8.AddProduct(n, w), b8.AddProduct(n, v));
            n = TLanes.All(x9[1]);
            (a9, b9) = (a9.AddProduct(n, w), b9.AddProduct(n, v));
            n = TLanes.All((x9 + 1)[s]);
            (a10, b10) = (a10.AddProduct(n, w), b10.AddProduct(n, v));
            n = TLanes.All((x9 + 1)[2 * s]);
            (a11, b11) = (a11.AddProduct(n, w), b11.AddProduct(n, v));
        }

        if (i > 0)
        {
            var w = TLanes.Load(ref *panel, 0);
            var v = TLanes.Load(ref *panel, (nuint)TLanes.Count);
            var n = TLanes.All(x[0]);
            (a0, b0) = (a0.AddProduct(n, w), b0.AddProduct(n, v));
            n = TLanes.All(x[s]);
            (a1, b1) = (a1.AddProduct(n, w), b1.AddProduct(n, v));
            n = TLanes.All(x[2 * s]);
            (a2, b2) = (a2.AddProduct(n, w), b2.AddProduct(n, v));
            n = TLanes.All(x3[0]);
            (a3, b3) = (a3.AddProduct(n, w), b3.AddProduct(n, v));
            n = TLanes.All(x3[s]);
            (a4, b4) = (a4.AddProduct(n, w), b4.AddProduct(n, v));
            n = TLanes.All(x3[2 * s]);
            (a5, b5) = (a5.AddProduct(n, w), b5.AddProduct(n, v));
            n = TLanes.All(x6[0]);
            (a6, b6) = (a6.AddProduct(n, w), b6.AddProduct(n, v));
            n = TLanes.All(x6[s]);
            (a7, b7) = (a7.AddProduct(n, w), b7.AddProduct(n, v));
            n = TLanes.All(x6[2 * s]);
            (a8, b8) = (a8.AddProduct(n, w), b8.AddProduct(n, v));
            n = TLanes.All(x9[0]);
            (a9, b9) = (a9.AddProduct(n, w), b9.AddProduct(n, v));
            n = TLanes.All(x9[s]);
            (a10, b10) = (a10.AddProduct(n, w), b10.AddProduct(n, v));
            n = TLanes.All(x9[2 * s]);
            (a11, b11) = (a11.AddProduct(n, w), b11.AddProduct(n, v));
        }

        tile.Finish(a0, prior, y, 0);
        tile.Finish(b0, prior, y, TLanes.Count);
        tile.Finish(a1, prior + tile.PriorStride, y + tile.OutputStride, 0);
        tile.Finish(b1, prior + tile.PriorStride, y + tile.OutputStride, TLanes.Count);
        tile.Finish(a2, prior + (2 * tile.PriorStride), y + (2 * tile.OutputStride), 0);
        tile.Finish(b2, prior + (2 * tile.PriorStride), y + (2 * tile.OutputStride), TLanes.Count);
        tile.Finish(a3, prior + (3 * tile.PriorStride), y + (3 * tile.OutputStride), 0);
        tile.Finish(b3, prior + (3 * tile.PriorStride), y + (3 * tile.OutputStride), TLanes.Count);
        tile.Finish(a4, prior + (4 * tile.PriorStride), y + (4 * tile.OutputStride), 0);
        tile.Finish(b4, prior + (4 * tile.PriorStride), y + (4 * tile.OutputStride), TLanes.Count);
        tile.Finish(a5, prior + (5 * tile.PriorStride), y + (5 * tile.OutputStride), 0);
        tile.Finish(b5, prior + (5 * tile.PriorStride), y + (5 * tile.OutputStride), TLanes.Count);
        tile.Finish(a6, prior + (6 * tile.PriorStride), y + (6 * tile.OutputStride), 0);
        tile.Finish(b6, prior + (6 * tile.PriorStride), y + (6 * tile.OutputStride), TLanes.Count);
        tile.Finish(a7, prior + (7 * tile.PriorStride), y + (7 * tile.OutputStride), 0);
        tile.Finish(b7, prior + (7 * tile.PriorStride), y + (7 * tile.OutputStride), TLanes.Count);
        tile.Finish(a8, prior + (8 * tile.PriorStride), y + (8 * tile.OutputStride), 0);
        tile.Finish(b8, prior + (8 * tile.PriorStride), y + (8 * tile.OutputStride), TLanes.Count);
        tile.Finish(a9, prior + (9 * tile.PriorStride), y + (9 * tile.OutputStride), 0);
        tile.Finish(b9, prior + (9 * tile.PriorStride), y + (9 * tile.OutputStride), TLanes.Count);
        tile.Finish(a10, prior + (10 * tile.PriorStride), y + (10 * tile.OutputStride), 0);
        tile.Finish(b10, prior + (10 * tile.PriorStride), y + (10 * tile.OutputStride), TLanes.Count);
        tile.Finish(a11, prior + (11 * tile.PriorStride), y + (11 * tile.OutputStride), 0);
        tile.Finish(b11, prior + (11 * tile.PriorStride), y + (11 * tile.OutputStride), TLanes.Count);
    }
}
