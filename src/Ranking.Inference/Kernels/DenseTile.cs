using System.Runtime.CompilerServices;

namespace Ranking.Inference;

/// <summary>
/// A panel of a dense layer's weights on some rows, a block of rows at a time in registers: of AVX-512's 32, 24 hold the
/// sums of twelve rows, two the weights and one an input; of 16 registers, twelve hold the sums of six rows. What is left
/// of the rows is worked out with the rows before it once more, which gives them the same bits.
/// </summary>
/// <remarks>The loops are optimised at once: in the runtime's first tier they take a hundred times as long, which would be most of a start.</remarks>
internal readonly unsafe partial struct DenseTile
{
    private const int Most = 12;
    private const int Few = 6;
    private const int Line = 64;

    /// <summary>Inputs of the part.</summary>
    public required int Inputs { get; init; }

    /// <summary>Numbers from one row of the input to the next.</summary>
    public required nint InputStride { get; init; }

    /// <summary>[inputs, one or two vectors].</summary>
    public required float* Panel { get; init; }

    /// <summary>[one or two vectors], zeros before the last part.</summary>
    public required float* Bias { get; init; }

    /// <summary>Numbers from one row of the prior to the next.</summary>
    public required nint PriorStride { get; init; }

    /// <summary>Numbers from one row of the output to the next.</summary>
    public required nint OutputStride { get; init; }

    /// <summary>What a value is at least: 0 where the last part ends in a ReLU, else −∞.</summary>
    public required float Floor { get; init; }

    /// <summary>The panel that is read after this one; null where there is none.</summary>
    public float* Next { get; init; }

    /// <summary>All rows of a panel of two vectors.</summary>
    public static void Pair<TLanes>(in DenseTile tile, float* x, float* prior, float* y, int rows)
        where TLanes : struct, ILanes<TLanes>
    {
        var row = 0;
        for (; TLanes.Count == 16 && rows >= Most && row < rows; row += Most)
        {
            row = Math.Min(row, rows - Most);
            Pairs12<TLanes>(
                tile, x + (row * tile.InputStride), prior + (row * tile.PriorStride), y + (row * tile.OutputStride),
                tile.LinesAhead(row / Most, 2 * TLanes.Count * sizeof(float) / Line));
        }

        for (; rows >= Few && row < rows; row += Few)
        {
            row = Math.Min(row, rows - Few);
            Pairs6<TLanes>(tile, x + (row * tile.InputStride), prior + (row * tile.PriorStride), y + (row * tile.OutputStride));
        }

        for (; row < rows; row++)
        {
            Pairs1<TLanes>(tile, x + (row * tile.InputStride), prior + (row * tile.PriorStride), y + (row * tile.OutputStride));
        }
    }

    /// <summary>All rows of a panel of one vector.</summary>
    public static void Single<TLanes>(in DenseTile tile, float* x, float* prior, float* y, int rows)
        where TLanes : struct, ILanes<TLanes>
    {
        var row = 0;
        for (; rows >= Few && row < rows; row += Few)
        {
            row = Math.Min(row, rows - Few);
            Singles6<TLanes>(tile, x + (row * tile.InputStride), prior + (row * tile.PriorStride), y + (row * tile.OutputStride));
        }

        for (; row < rows; row++)
        {
            Singles1<TLanes>(tile, x + (row * tile.InputStride), prior + (row * tile.PriorStride), y + (row * tile.OutputStride));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pairs6<TLanes>(in DenseTile tile, float* x, float* prior, float* y)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default;
        TLanes b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default;
        var panel = tile.Panel;
        var s = tile.InputStride;
        var x3 = x + (3 * s);
        for (var i = tile.Inputs; i > 0; i--, panel += 2 * TLanes.Count, x++, x3++)
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
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pairs1<TLanes>(in DenseTile tile, float* x, float* prior, float* y)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes a0 = default;
        TLanes b0 = default;
        var panel = tile.Panel;
        var s = tile.InputStride;
        for (var i = tile.Inputs; i > 0; i--, panel += 2 * TLanes.Count, x++)
        {
            var w = TLanes.Load(ref *panel, 0);
            var v = TLanes.Load(ref *panel, (nuint)TLanes.Count);
            var n = TLanes.All(x[0]);
            (a0, b0) = (a0.AddProduct(n, w), b0.AddProduct(n, v));
        }

        tile.Finish(a0, prior, y, 0);
        tile.Finish(b0, prior, y, TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Singles6<TLanes>(in DenseTile tile, float* x, float* prior, float* y)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default;
        var panel = tile.Panel;
        var s = tile.InputStride;
        var x3 = x + (3 * s);
        for (var i = tile.Inputs; i > 0; i--, panel += TLanes.Count, x++, x3++)
        {
            var w = TLanes.Load(ref *panel, 0);
            var n = TLanes.All(x[0]);
            a0 = a0.AddProduct(n, w);
            n = TLanes.All(x[s]);
            a1 = a1.AddProduct(n, w);
            n = TLanes.All(x[2 * s]);
            a2 = a2.AddProduct(n, w);
            n = TLanes.All(x3[0]);
            a3 = a3.AddProduct(n, w);
            n = TLanes.All(x3[s]);
            a4 = a4.AddProduct(n, w);
            n = TLanes.All(x3[2 * s]);
            a5 = a5.AddProduct(n, w);
        }

        tile.Finish(a0, prior, y, 0);
        tile.Finish(a1, prior + tile.PriorStride, y + tile.OutputStride, 0);
        tile.Finish(a2, prior + (2 * tile.PriorStride), y + (2 * tile.OutputStride), 0);
        tile.Finish(a3, prior + (3 * tile.PriorStride), y + (3 * tile.OutputStride), 0);
        tile.Finish(a4, prior + (4 * tile.PriorStride), y + (4 * tile.OutputStride), 0);
        tile.Finish(a5, prior + (5 * tile.PriorStride), y + (5 * tile.OutputStride), 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Singles1<TLanes>(in DenseTile tile, float* x, float* prior, float* y)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes a0 = default;
        var panel = tile.Panel;
        var s = tile.InputStride;
        for (var i = tile.Inputs; i > 0; i--, panel += TLanes.Count, x++)
        {
            var w = TLanes.Load(ref *panel, 0);
            var n = TLanes.All(x[0]);
            a0 = a0.AddProduct(n, w);
        }

        tile.Finish(a0, prior, y, 0);
    }

    // A turn takes two inputs and asks for a line, so a panel's lines are spread over the first blocks of rows; after them, and
    // where nothing comes after, the lines are this panel's own, which are in the cache.
    private byte* LinesAhead(int block, int linesOfAnInput) =>
        (byte*)(Next == null || block >= 2 * linesOfAnInput ? Panel : Next + (block * (Inputs / 2) * (Line / sizeof(float))));

    // Nothing is called after the loops: what has to outlive a call would be written to memory within them. And nothing is
    // asked: where each of 24 sums went its own way, the experts had 2 % less of the core's peak.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Finish<TLanes>(TLanes sum, float* prior, float* y, int column)
        where TLanes : struct, ILanes<TLanes> =>
        TLanes.Load(ref *(prior + column), 0).Add(sum).Add(TLanes.Load(ref *(Bias + column), 0)).AtLeast(Floor).Store(ref *(y + column), 0);
}
