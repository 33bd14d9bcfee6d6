using static TorchSharp.torch;

namespace Ranking.Learning;

/// <summary>
/// Rows repeated for each entry of a ragged list, or entries summed to rows, on the CPU as one step of the gradient's
/// tape: each is the other's gradient. Rows are independent, and each sum is in the order of entries.
/// </summary>
internal sealed unsafe class RaggedFunction : autograd.SingleTensorFunction<RaggedFunction>
{
    private const int RowBlock = 64;

    /// <inheritdoc/>
    public override string Name => "ragged";

    /// <param name="threads">The threads that it may use.</param>
    /// <param name="input">[rows, width], or [entries, width] where they are summed.</param>
    /// <param name="offsets">[rows + 1] borders of the rows' entries.</param>
    /// <param name="isSum">Whether entries are summed, not rows repeated.</param>
    /// <returns>[entries, width], or [rows, width].</returns>
    public static Tensor Apply(ThreadTeam threads, Tensor input, int[] offsets, bool isSum) => apply(threads, input, offsets, isSum);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ctx.save_data("threads", vars[0]);
        ctx.save_data("offsets", vars[2]);
        ctx.save_data("isSum", vars[3]);
        return Run((ThreadTeam)vars[0], (Tensor)vars[1], (int[])vars[2], (bool)vars[3]);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
        [null!, Run((ThreadTeam)ctx.get_data("threads"), grad_output, (int[])ctx.get_data("offsets"), !(bool)ctx.get_data("isSum")), null!, null!];

    private static Tensor Run(ThreadTeam threads, Tensor input, int[] offsets, bool isSum)
    {
        var dense = input.contiguous();
        var result = empty(isSum ? offsets.Length - 1 : offsets[^1], input.shape[1]);
        var (from, to) = (MatrixView.Of(dense), MatrixView.Of(result));
        threads.For((offsets.Length - 1 + RowBlock - 1) / RowBlock, block =>
        {
            for (var row = block * RowBlock; row < Math.Min(offsets.Length - 1, (block + 1) * RowBlock); row++)
            {
                if (isSum)
                {
                    Sum(from, to, row, offsets[row], offsets[row + 1]);
                }
                else
                {
                    Repeat(from, to, row, offsets[row], offsets[row + 1]);
                }
            }
        });
        GC.KeepAlive(dense);
        return result;
    }

    private static void Sum(in MatrixView entries, in MatrixView rows, int row, int first, int end)
    {
        var target = Row(rows, row);
        target.Clear();
        for (var entry = first; entry < end; entry++)
        {
            RowArithmetic.AddScaled(target, Row(entries, entry), 1);
        }
    }

    private static void Repeat(in MatrixView rows, in MatrixView entries, int row, int first, int end)
    {
        for (var entry = first; entry < end; entry++)
        {
            Row(rows, row).CopyTo(Row(entries, entry));
        }
    }

    private static Span<float> Row(in MatrixView matrix, int row) => new(matrix.At(0, row, 0), matrix.Columns);
}
