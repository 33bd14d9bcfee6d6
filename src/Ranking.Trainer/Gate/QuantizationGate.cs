using System.Collections.Immutable;
using System.Globalization;
using Ranking.Core;
using Ranking.Inference;
using Ranking.Metrics;
using Ranking.Models;

namespace Ranking.Trainer;

/// <summary>
/// Prepares a version for scoring in 8 bits, on the records that the log says were served, and decides whether it may be
/// scored so: no output's AUC on them may fall by more than <see cref="MostFall"/>.
/// </summary>
internal sealed class QuantizationGate(TaskSet tasks)
{
    private const double MostFall = 0.0005;
    private const int Together = 256;

    /// <summary>Sets the ranges and the tolerance of a staged version, and compares.</summary>
    /// <param name="folder">Where the version stands.</param>
    /// <param name="exact">The same version in 32 bits.</param>
    /// <param name="examples">Examples of the log.</param>
    /// <returns>Why it must not be served; empty where it may.</returns>
    public ImmutableArray<string> Judge(string folder, ServingModel exact, IReadOnlyCollection<Example> examples)
    {
        if (examples.Count == 0)
        {
            return ["precision int8: there are no examples to measure the layers' inputs on; declare a validation split, or publish later"];
        }

        ImmutableSortedDictionary<string, float> ranges;
        using (var artifact = ModelArtifact.Open(folder, ArtifactCheck.Lengths))
        {
            ranges = QuantizedLayers.RangesOf(artifact, examples);
        }

        ArtifactWriter.SetQuantization(folder, new Quantization(ranges, float.MaxValue));
        using var quantized = ServingModel.Load(ModelArtifact.Open(folder, ArtifactCheck.Lengths));
        // To the bit: another machine scores them as this one does.
        ArtifactWriter.SetQuantization(folder, new Quantization(ranges, quantized.GoldenDeviation));
        var (before, after) = (Score(exact, examples), Score(quantized, examples));
        return [.. exact.Outputs.Select((output, index) => ReasonAgainst(output, index, examples, before, after)).OfType<string>()];
    }

    private string? ReasonAgainst(GraphOutput output, int index, IReadOnlyCollection<Example> examples, float[][] before, float[][] after)
    {
        if (output.Kind is not (OutputKind.Probability or OutputKind.Joint))
        {
            return null;
        }

        var rows = examples.Index().Where(row => Says(output, row.Item)).ToArray();
        bool[] labels = [.. rows.Select(row => tasks.IsJointlyPositive(output.Task, row.Item.Labels))];
        var (exact, quantized) = (Auc.Of(Of(before), labels), Auc.Of(Of(after), labels));
        return exact - quantized <= MostFall || double.IsNaN(exact) ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"precision int8: {output.Name}'s AUC on {rows.Length} examples falls from {exact:F5} to {quantized:F5}, more than {MostFall}; set model.precision to float32");

        float[] Of(float[][] scores) => [.. rows.Select(row => scores[index][row.Index])];
    }

    // A conditional probability is judged where its condition was met.
    private bool Says(GraphOutput output, Example example) =>
        (example.Observed >> output.Task & 1) == 1 && (output.Kind == OutputKind.Joint || tasks.IsConditionMet(output.Task, example.Labels));

    // [outputs][examples]
    private static float[][] Score(ServingModel model, IReadOnlyCollection<Example> examples)
    {
        var (scorer, width) = (new ExampleScorer(model), model.Outputs.Length);
        float[][] scores = [.. model.Outputs.Select(_ => new float[examples.Count])];
        var some = new float[Together * width];
        foreach (var (chunk, rows) in examples.Chunk(Together).Index())
        {
            scorer.Score(rows, some);
            for (var row = 0; row < rows.Length; row++)
            {
                for (var output = 0; output < width; output++)
                {
                    scores[output][(chunk * Together) + row] = some[(row * width) + output];
                }
            }
        }

        return scores;
    }
}
