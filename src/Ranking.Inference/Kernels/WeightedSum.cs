using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ranking.Inference;

/// <summary>sum[j] = fma(weight, row[j], sum[j]): pooling of embeddings and mixing of experts, one term after another.</summary>
internal static unsafe class WeightedSum
{
    /// <summary>sum[j] = Σ weights[i] · rows[i][j], ascending; each sum stays in a register.</summary>
    public static void Of(Span<float> sum, ReadOnlySpan<float> weights, float** rows, VectorWidth width)
    {
        var from = 0;
        if (width >= VectorWidth.Bits512)
        {
            from = Of<Lanes16>(sum, weights, rows, from);
        }

        if (width >= VectorWidth.Bits256)
        {
            from = Of<Lanes8>(sum, weights, rows, from);
        }

        if (width >= VectorWidth.Bits128)
        {
            from = Of<Lanes4>(sum, weights, rows, from);
        }

        Of<Lanes1>(sum, weights, rows, from);
    }

    public static void Add(Span<float> sum, float weight, ReadOnlySpan<float> row, VectorWidth width)
    {
        var from = 0;
        if (width >= VectorWidth.Bits512)
        {
            from = Add<Lanes16>(sum, weight, row, from);
        }

        if (width >= VectorWidth.Bits256)
        {
            from = Add<Lanes8>(sum, weight, row, from);
        }

        if (width >= VectorWidth.Bits128)
        {
            from = Add<Lanes4>(sum, weight, row, from);
        }

        Add<Lanes1>(sum, weight, row, from);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Of<TLanes>(Span<float> sum, ReadOnlySpan<float> weights, float** rows, int from)
        where TLanes : struct, ILanes<TLanes>
    {
        ref var target = ref MemoryMarshal.GetReference(sum);
        for (; from + TLanes.Count <= sum.Length; from += TLanes.Count)
        {
            var total = default(TLanes);
            for (var row = 0; row < weights.Length; row++)
            {
                total = total.AddProduct(TLanes.All(weights[row]), TLanes.Load(ref *rows[row], (nuint)from));
            }

            total.Store(ref target, (nuint)from);
        }

        return from;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Add<TLanes>(Span<float> sum, float weight, ReadOnlySpan<float> row, int from)
        where TLanes : struct, ILanes<TLanes>
    {
        ref var target = ref MemoryMarshal.GetReference(sum);
        ref var source = ref MemoryMarshal.GetReference(row);
        for (; from + TLanes.Count <= sum.Length; from += TLanes.Count)
        {
            TLanes.Load(ref target, (nuint)from).AddProduct(TLanes.All(weight), TLanes.Load(ref source, (nuint)from)).Store(ref target, (nuint)from);
        }

        return from;
    }
}
