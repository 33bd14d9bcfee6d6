using System.Numerics;
using System.Runtime.InteropServices;

namespace Ranking.Learning;

/// <summary>The gradient of a dense layer before its activation, and its sums over rows: the gradient of the bias.</summary>
internal static unsafe class LayerGradient
{
    private const int ColumnBlock = 512;

    /// <param name="gradient">[members, rows, columns] by the layer's output; for a ReLU it is replaced by that by its input.</param>
    /// <param name="output">[members, rows, columns] the ReLU's output, or null where the layer has no activation.</param>
    /// <param name="masked">[members, rows, columns] the result of a ReLU; columns contiguous, as in all three.</param>
    /// <param name="bias">[members, columns]; overwritten.</param>
    /// <param name="parallel">Each column is summed by one thread, in the order of rows.</param>
    public static void Run(MatrixView gradient, MatrixView? output, MatrixView masked, float* bias, ParallelOptions parallel)
    {
        var blocks = (gradient.Columns + ColumnBlock - 1) / ColumnBlock;
        Parallel.For(0, gradient.Members * blocks, parallel, block =>
        {
            var (member, column) = (block / blocks, block % blocks * ColumnBlock);
            var width = Math.Min(ColumnBlock, gradient.Columns - column);
            var sums = new Span<float>(bias + (member * gradient.Columns) + column, width);
            sums.Clear();
            for (var row = 0; row < gradient.Rows; row++)
            {
                ReadOnlySpan<float> values = new(gradient.At(member, row, column), width);
                if (output is { } outputs)
                {
                    var target = new Span<float>(masked.At(member, row, column), width);
                    Mask(values, new(outputs.At(member, row, column), width), target);
                    values = target;
                }

                RowArithmetic.AddScaled(sums, values, 1);
            }
        });
    }

    private static void Mask(ReadOnlySpan<float> gradient, ReadOnlySpan<float> output, Span<float> masked)
    {
        var gradients = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        var outputs = MemoryMarshal.Cast<float, Vector<float>>(output);
        var targets = MemoryMarshal.Cast<float, Vector<float>>(masked);
        for (var i = 0; i < targets.Length; i++)
        {
            targets[i] = Vector.ConditionalSelect(Vector.GreaterThan(outputs[i], Vector<float>.Zero), gradients[i], Vector<float>.Zero);
        }

        for (var i = targets.Length * Vector<float>.Count; i < masked.Length; i++)
        {
            masked[i] = output[i] > 0 ? gradient[i] : 0;
        }
    }
}
