using System.Diagnostics;
using Ranking.Learning;
using static TorchSharp.torch;

namespace Ranking.Benchmarks;

/// <summary>The three products of model R's first expert layer, forward and both gradients, by our kernel and by libtorch, on one thread.</summary>
internal sealed class ProductThroughput : Benchmark
{
    private const int WarmUp = 60;
    private const int Rounds = 15;
    private const int Inputs = TrainingModelR.Features * TrainingModelR.Dimension;
    private const int Outputs = 8 * 256;
    private const double Operations = 2.0 * TrainingModelR.BatchSize * Inputs * Outputs;

    /// <inheritdoc/>
    public override string Name => "product";

    /// <inheritdoc/>
    public override string Description => "billions of operations a second of the products in training, beside libtorch, on one thread";

    /// <inheritdoc/>
    public override unsafe Task Run(Figures figures, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        LibTorch.Load();
        set_num_threads(1);
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        using var product = new MatrixProduct(new ThreadTeam(1));
        var (input, weight, gradient) = (randn(TrainingModelR.BatchSize, Inputs), randn(Inputs, Outputs), randn(TrainingModelR.BatchSize, Outputs));
        foreach (var (name, left, right) in new[] { ("forward", input, weight), ("by_input", gradient, weight.t()), ("by_weight", input.t(), gradient) })
        {
            cancellation.ThrowIfCancellationRequested();
            var output = empty(left.shape[0], right.shape[1]);
            var ours = Median(() => product.Run(MatrixView.Of(left), MatrixView.Of(right), MatrixView.Of(output)));
            var theirs = Median(() => left.mm(right).Dispose());
            figures.Add($"{name}_gflops", Operations / ours / 1e9);
            figures.Add($"{name}_libtorch_gflops", Operations / theirs / 1e9);
            figures.Add($"{name}_ratio", theirs / ours);
        }

        return Task.CompletedTask;
    }

    private static double Median(Action run)
    {
        // Until the code is compiled in its last form.
        for (var i = 0; i < WarmUp; i++)
        {
            run();
        }

        return Enumerable.Range(0, Rounds).Select(_ =>
        {
            var start = Stopwatch.GetTimestamp();
            run();
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }).Order().ElementAt(Rounds / 2);
    }
}
