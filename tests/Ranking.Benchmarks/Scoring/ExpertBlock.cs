using System.Diagnostics;
using Ranking.Inference;

namespace Ranking.Benchmarks;

/// <summary>The experts of model R on one block of candidates, by the engine's kernels alone: 128 → 256 → 128, eight times.</summary>
internal sealed class ExpertBlock : IDisposable
{
    private const int Experts = 8;
    private const int Repeats = 20;
    private static readonly int[] widths = [128, 256, 128];

    private readonly PackedWeights[] layers;
    private readonly float[] input;
    private readonly float[] hidden;
    private readonly float[] output;

    public ExpertBlock()
    {
        var random = new Random(5);
        layers = [.. Enumerable.Range(0, 2 * Experts).Select(number => Layer(random, widths[number % 2], widths[(number % 2) + 1]))];
        input = Draw(random, ScoringSession.BlockRows * widths[0]);
        hidden = new float[ScoringSession.BlockRows * widths[1]];
        output = new float[ScoringSession.BlockRows * widths[2]];
    }

    /// <summary>Floating-point operations a second, two for each multiply-add.</summary>
    public double Measure()
    {
        var start = Stopwatch.GetTimestamp();
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            for (var expert = 0; expert < Experts; expert++)
            {
                Run(2 * expert, input, hidden);
                Run((2 * expert) + 1, hidden, output);
            }
        }

        var multiplyAdds = (double)Repeats * Experts * ScoringSession.BlockRows * ((widths[0] * widths[1]) + (widths[1] * widths[2]));
        return 2 * multiplyAdds / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose() => Array.ForEach(layers, layer => layer.Dispose());

    private void Run(int number, float[] from, float[] to)
    {
        var (layer, next) = (layers[number], layers[(number + 1) % layers.Length]);
        var kernel = new DenseKernel { Input = from, InputStride = layer.Inputs, Weights = layer, Prior = default, PriorStride = 0, IsRelu = true, Next = next };
        kernel.Run(to, ScoringSession.BlockRows);
    }

    private static PackedWeights Layer(Random random, int inputs, int outputs) =>
        new(Draw(random, inputs * outputs), inputs, outputs, Draw(random, outputs), Machine.Widest);

    private static float[] Draw(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() - 0.5f) / 8)];
}
