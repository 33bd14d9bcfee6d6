namespace Ranking.Learning;

/// <summary>
/// Σ over experts of gate · expert, for several gates over the same experts (Ma et al., MMoE, KDD 2018, eq. 6): a row of
/// an expert is read once for all of them. Rows are independent and each sum is in the order of experts.
/// </summary>
internal static unsafe class ExpertMix
{
    private const int RowBlock = 64;

    /// <param name="experts">[experts, rows, width].</param>
    /// <param name="gates">Each [rows, experts].</param>
    /// <param name="outputs">Each [rows, width]; overwritten.</param>
    /// <param name="threads">The threads.</param>
    public static void Run(MatrixView experts, MatrixView[] gates, MatrixView[] outputs, ThreadTeam threads) =>
        ForRows(experts.Rows, threads, row =>
        {
            for (var gate = 0; gate < gates.Length; gate++)
            {
                var output = Row(outputs[gate], 0, row);
                output.Clear();
                for (var expert = 0; expert < experts.Members; expert++)
                {
                    RowArithmetic.AddScaled(output, Row(experts, expert, row), *gates[gate].At(0, row, expert));
                }
            }
        });

    /// <param name="experts">[experts, rows, width].</param>
    /// <param name="gates">Each [rows, experts].</param>
    /// <param name="gradients">Each [rows, width] by an output.</param>
    /// <param name="byGates">Each [rows, experts]; overwritten.</param>
    /// <param name="byExperts">[experts, rows, width]; overwritten.</param>
    /// <param name="threads">The threads.</param>
    public static void RunBackward(
        MatrixView experts, MatrixView[] gates, MatrixView[] gradients, MatrixView[] byGates, MatrixView byExperts, ThreadTeam threads) =>
        ForRows(experts.Rows, threads, row =>
        {
            for (var expert = 0; expert < experts.Members; expert++)
            {
                var values = Row(experts, expert, row);
                var target = Row(byExperts, expert, row);
                target.Clear();
                for (var gate = 0; gate < gates.Length; gate++)
                {
                    var gradient = Row(gradients[gate], 0, row);
                    *byGates[gate].At(0, row, expert) = RowArithmetic.Dot(gradient, values);
                    RowArithmetic.AddScaled(target, gradient, *gates[gate].At(0, row, expert));
                }
            }
        });

    private static Span<float> Row(in MatrixView matrix, int member, int row) => new(matrix.At(member, row, 0), matrix.Columns);

    private static void ForRows(int rows, ThreadTeam threads, Action<int> run) =>
        threads.For((rows + RowBlock - 1) / RowBlock, block =>
        {
            for (var row = block * RowBlock; row < Math.Min(rows, (block + 1) * RowBlock); row++)
            {
                run(row);
            }
        });
}
