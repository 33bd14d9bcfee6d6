using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ranking.Models;

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

    public static void Add(Span<float> sum, float weight, ReadOnlySpan<float> row, VectorWidth width) =>
        Add<RowOfFloats>(sum, weight, ref Unsafe.As<float, byte>(ref MemoryMarshal.GetReference(row)), width);

    /// <summary>A table's row, whatever numbers it is in: the weight times its scale is rounded first where it has one.</summary>
    public static void Add(Span<float> sum, float weight, MappedEmbeddingTable table, int row, VectorWidth width)
    {
        ref var bytes = ref MemoryMarshal.GetReference(table.BytesOf(row));
        switch (table.Precision)
        {
            case RowPrecision.Float16:
                Add<RowOfHalves>(sum, weight, ref bytes, width);
                break;
            case RowPrecision.Int8:
                Add<RowOfIntegers>(sum, weight * Unsafe.ReadUnaligned<float>(ref bytes), ref Unsafe.Add(ref bytes, RowCodec.ScaleLength), width);
                break;
            default:
                Add<RowOfFloats>(sum, weight, ref bytes, width);
                break;
        }
    }

    private static void Add<TRow>(Span<float> sum, float weight, ref byte row, VectorWidth width)
        where TRow : struct, IRow
    {
        var from = 0;
        if (width >= VectorWidth.Bits512)
        {
            from = Add<TRow, Lanes16>(sum, weight, ref row, from);
        }

        if (width >= VectorWidth.Bits256)
        {
            from = Add<TRow, Lanes8>(sum, weight, ref row, from);
        }

        if (width >= VectorWidth.Bits128)
        {
            from = Add<TRow, Lanes4>(sum, weight, ref row, from);
        }

        Add<TRow, Lanes1>(sum, weight, ref row, from);
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
    private static int Add<TRow, TLanes>(Span<float> sum, float weight, ref byte row, int from)
        where TRow : struct, IRow
        where TLanes : struct, ILanes<TLanes>
    {
        ref var target = ref MemoryMarshal.GetReference(sum);
        for (; from + TLanes.Count <= sum.Length; from += TLanes.Count)
        {
            TLanes.Load(ref target, (nuint)from).AddProduct(TLanes.All(weight), TRow.Load<TLanes>(ref row, (nuint)from)).Store(ref target, (nuint)from);
        }

        return from;
    }
}
