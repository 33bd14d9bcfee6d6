using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ranking.Inference;

/// <summary>One scope's part of a dense layer for some rows.</summary>
/// <remarks>
/// y[r, j] = prior[r, j] + (…fma(x[r, 1], w[1, j], fma(x[r, 0], w[0, j], 0))…), then + bias[j], then the activation. Lanes
/// run across outputs, and rows are taken four at a time, so that a loaded weight serves four rows: neither changes the
/// order in which an output's terms are added. The loops are optimised at once: in the runtime's first tier they take a
/// hundred times as long, which would be most of a start.
/// </remarks>
internal readonly ref struct DenseKernel
{
    private const int RowBlock = 4;

    /// <summary>[rows, <see cref="Inputs"/>], or one row for all where <see cref="InputStride"/> is 0.</summary>
    public required ReadOnlySpan<float> Input { get; init; }

    /// <summary>Numbers from one row of the input to the next.</summary>
    public required int InputStride { get; init; }

    /// <summary>Inputs of this part.</summary>
    public required int Inputs { get; init; }

    /// <summary>[inputs, outputs]</summary>
    public required ReadOnlySpan<float> Weight { get; init; }

    /// <summary>The sum of the parts before, [rows, outputs], or one row where <see cref="PriorStride"/> is 0; empty for the first.</summary>
    public required ReadOnlySpan<float> Prior { get; init; }

    /// <summary>Numbers from one row of the prior to the next.</summary>
    public required int PriorStride { get; init; }

    /// <summary>[outputs] with the last part; empty with the others.</summary>
    public required ReadOnlySpan<float> Bias { get; init; }

    /// <summary>Whether the last part ends in a ReLU.</summary>
    public required bool IsRelu { get; init; }

    /// <summary>Writes [rows, outputs].</summary>
    public void Run(Span<float> output, int rows, int outputs, VectorWidth width)
    {
        var from = 0;
        if (width >= VectorWidth.Bits512)
        {
            from = Columns<Lanes16>(output, rows, outputs, from);
        }

        if (width >= VectorWidth.Bits256)
        {
            from = Columns<Lanes8>(output, rows, outputs, from);
        }

        if (width >= VectorWidth.Bits128)
        {
            from = Columns<Lanes4>(output, rows, outputs, from);
        }

        Columns<Lanes1>(output, rows, outputs, from);
    }

    // All whole vectors from a column on, two at a time while there are two. Returns the first column left.
    private int Columns<TLanes>(Span<float> output, int rows, int outputs, int from)
        where TLanes : struct, ILanes<TLanes>
    {
        for (; from + (2 * TLanes.Count) <= outputs; from += 2 * TLanes.Count)
        {
            var row = 0;
            for (; row + RowBlock <= rows; row += RowBlock)
            {
                FourRowsTwoVectors<TLanes>(output, row, outputs, from);
            }

            for (; row < rows; row++)
            {
                OneVector<TLanes>(output, row, outputs, from);
                OneVector<TLanes>(output, row, outputs, from + TLanes.Count);
            }
        }

        for (; from + TLanes.Count <= outputs; from += TLanes.Count)
        {
            for (var row = 0; row < rows; row++)
            {
                OneVector<TLanes>(output, row, outputs, from);
            }
        }

        return from;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FourRowsTwoVectors<TLanes>(Span<float> output, int row, int outputs, int column)
        where TLanes : struct, ILanes<TLanes>
    {
        ref var weight = ref Unsafe.Add(ref MemoryMarshal.GetReference(Weight), column);
        ref var x0 = ref Unsafe.Add(ref MemoryMarshal.GetReference(Input), row * InputStride);
        ref var x1 = ref Unsafe.Add(ref x0, InputStride);
        ref var x2 = ref Unsafe.Add(ref x1, InputStride);
        ref var x3 = ref Unsafe.Add(ref x2, InputStride);
        TLanes a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        for (nuint i = 0, at = 0; i < (nuint)Inputs; i++, at += (nuint)outputs)
        {
            var (a, b) = (TLanes.Load(ref weight, at), TLanes.Load(ref weight, at + (nuint)TLanes.Count));
            var x = TLanes.All(Unsafe.Add(ref x0, i));
            (a0, b0) = (a0.AddProduct(x, a), b0.AddProduct(x, b));
            x = TLanes.All(Unsafe.Add(ref x1, i));
            (a1, b1) = (a1.AddProduct(x, a), b1.AddProduct(x, b));
            x = TLanes.All(Unsafe.Add(ref x2, i));
            (a2, b2) = (a2.AddProduct(x, a), b2.AddProduct(x, b));
            x = TLanes.All(Unsafe.Add(ref x3, i));
            (a3, b3) = (a3.AddProduct(x, a), b3.AddProduct(x, b));
        }

        Finish(a0, output, row, outputs, column);
        Finish(a1, output, row + 1, outputs, column);
        Finish(a2, output, row + 2, outputs, column);
        Finish(a3, output, row + 3, outputs, column);
        Finish(b0, output, row, outputs, column + TLanes.Count);
        Finish(b1, output, row + 1, outputs, column + TLanes.Count);
        Finish(b2, output, row + 2, outputs, column + TLanes.Count);
        Finish(b3, output, row + 3, outputs, column + TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void OneVector<TLanes>(Span<float> output, int row, int outputs, int column)
        where TLanes : struct, ILanes<TLanes>
    {
        ref var weight = ref Unsafe.Add(ref MemoryMarshal.GetReference(Weight), column);
        ref var x = ref Unsafe.Add(ref MemoryMarshal.GetReference(Input), row * InputStride);
        TLanes sum = default;
        for (nuint i = 0, at = 0; i < (nuint)Inputs; i++, at += (nuint)outputs)
        {
            sum = sum.AddProduct(TLanes.All(Unsafe.Add(ref x, i)), TLanes.Load(ref weight, at));
        }

        Finish(sum, output, row, outputs, column);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Finish<TLanes>(TLanes sum, Span<float> output, int row, int outputs, int column)
        where TLanes : struct, ILanes<TLanes>
    {
        if (!Prior.IsEmpty)
        {
            sum = TLanes.Load(ref MemoryMarshal.GetReference(Prior), (nuint)((row * PriorStride) + column)).Add(sum);
        }

        if (!Bias.IsEmpty)
        {
            sum = sum.Add(TLanes.Load(ref MemoryMarshal.GetReference(Bias), (nuint)column));
            sum = IsRelu ? sum.Relu() : sum;
        }

        sum.Store(ref MemoryMarshal.GetReference(output), (nuint)((row * outputs) + column));
    }
}
