using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ranking.Inference;

/// <summary>
/// A panel of a quantised layer's weights on some rows: y = Σ x · w · scale + bias, then the activation. The sums are of
/// integers, in any order the same; of AVX's 16 registers twelve hold those of six rows, two the weights and one an input.
/// </summary>
internal readonly unsafe ref struct QuantizedTile
{
    private const int Rows = 6;
    private const int Lanes = 8;

    /// <summary>Bytes of a row of inputs.</summary>
    public required int InputBytes { get; init; }

    /// <summary>[inputs by four, sixteen outputs, four inputs].</summary>
    public required sbyte* Panel { get; init; }

    /// <summary>[sixteen].</summary>
    public required float* Scales { get; init; }

    /// <summary>[sixteen].</summary>
    public required float* Bias { get; init; }

    /// <summary>Numbers from one row of the output to the next.</summary>
    public required int OutputStride { get; init; }

    /// <summary>Whether the layer ends in a ReLU.</summary>
    public required bool IsRelu { get; init; }

    /// <summary>All rows. By the processor's own instruction, what is left of six rows is worked out with rows before it once more.</summary>
    public void Run(byte* x, float* y, int rows, VectorWidth width)
    {
        var row = 0;
        for (; AvxVnni.IsSupported && width >= VectorWidth.Bits256 && rows >= Rows && row < rows; row += Rows)
        {
            row = Math.Min(row, rows - Rows);
            Six(this, x + ((nint)row * InputBytes), y + ((nint)row * OutputStride));
        }

        for (; Avx2.IsSupported && width >= VectorWidth.Bits256 && row < rows; row++)
        {
            One(this, x + ((nint)row * InputBytes), y + ((nint)row * OutputStride));
        }

        RunScalar(x + ((nint)row * InputBytes), y + ((nint)row * OutputStride), rows - row);
    }

    private void RunScalar(byte* x, float* y, int rows)
    {
        for (var row = 0; row < rows; row++, x += InputBytes, y += OutputStride)
        {
            for (var output = 0; output < QuantizedWeights.PanelWidth; output++)
            {
                var sum = 0;
                var weights = Panel + (output * QuantizedWeights.Together);
                for (var input = 0; input < InputBytes; input++)
                {
                    sum += x[input] * weights[(input / QuantizedWeights.Together * QuantizedWeights.PanelWidth * QuantizedWeights.Together) + (input % QuantizedWeights.Together)];
                }

                var value = MathF.FusedMultiplyAdd(sum, Scales[output], Bias[output]);
                y[output] = !IsRelu || value > 0 ? value : 0;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Six(in QuantizedTile tile, byte* x, float* y)
    {
        Vector256<int> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default;
        Vector256<int> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default;
        var panel = tile.Panel;
        nint s = tile.InputBytes;
        var x3 = x + (3 * s);
        for (var i = tile.InputBytes; i > 0; i -= QuantizedWeights.Together, panel += 2 * Vector256<sbyte>.Count, x += QuantizedWeights.Together, x3 += QuantizedWeights.Together)
        {
            var w = Vector256.Load(panel);
            var v = Vector256.Load(panel + Vector256<sbyte>.Count);
            var n = All(x);
            (a0, b0) = (Add(a0, n, w), Add(b0, n, v));
            n = All(x + s);
            (a1, b1) = (Add(a1, n, w), Add(b1, n, v));
            n = All(x + (2 * s));
            (a2, b2) = (Add(a2, n, w), Add(b2, n, v));
            n = All(x3);
            (a3, b3) = (Add(a3, n, w), Add(b3, n, v));
            n = All(x3 + s);
            (a4, b4) = (Add(a4, n, w), Add(b4, n, v));
            n = All(x3 + (2 * s));
            (a5, b5) = (Add(a5, n, w), Add(b5, n, v));
        }

        nint t = tile.OutputStride;
        tile.Finish(a0, b0, y);
        tile.Finish(a1, b1, y + t);
        tile.Finish(a2, b2, y + (2 * t));
        tile.Finish(a3, b3, y + (3 * t));
        tile.Finish(a4, b4, y + (4 * t));
        tile.Finish(a5, b5, y + (5 * t));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(in QuantizedTile tile, byte* x, float* y)
    {
        // Products of two inputs in each, of four outputs.
        Vector256<int> a = default, b = default, c = default, d = default;
        var panel = tile.Panel;
        for (var i = tile.InputBytes; i > 0; i -= QuantizedWeights.Together, panel += 2 * Vector256<sbyte>.Count, x += QuantizedWeights.Together)
        {
            var n = Avx2.ConvertToVector256Int16(Vector128.Create(*(int*)x).AsByte());
            a += Avx2.MultiplyAddAdjacent(n, Avx2.ConvertToVector256Int16(panel));
            b += Avx2.MultiplyAddAdjacent(n, Avx2.ConvertToVector256Int16(panel + 16));
            c += Avx2.MultiplyAddAdjacent(n, Avx2.ConvertToVector256Int16(panel + 32));
            d += Avx2.MultiplyAddAdjacent(n, Avx2.ConvertToVector256Int16(panel + 48));
        }

        tile.Finish(Pairs(a, b), Pairs(c, d), y);
    }

    // The sums of neighbours, in the order of the outputs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Pairs(Vector256<int> first, Vector256<int> second) =>
        Avx2.Permute4x64(Avx2.HorizontalAdd(first, second).AsInt64(), 0b11_01_10_00).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> All(byte* four) => Vector256.Create(*(int*)four).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Add(Vector256<int> sum, Vector256<byte> inputs, Vector256<sbyte> weights) => AvxVnni.MultiplyWideningAndAdd(sum, inputs, weights);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Finish(Vector256<int> a, Vector256<int> b, float* y)
    {
        Finish(a, 0, y);
        Finish(b, Lanes, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Finish(Vector256<int> sum, int output, float* y)
    {
        var value = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(sum), Vector256.Load(Scales + output), Vector256.Load(Bias + output));
        // The second operand stands for a 0 of either sign.
        value = IsRelu ? Avx.Max(value, Vector256<float>.Zero) : value;
        value.Store(y + output);
    }
}
