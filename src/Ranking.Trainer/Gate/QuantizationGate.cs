using System.Collections.Immutable;
using System.Globalization;
using Ranking.Core;
using Ranking.Inference;
using Ranking.Metrics;
using Ranking.Models;

namespace Ranking.Trainer;

/// <summary>
/// Prepares a version for scoring in fewer bits than it was learned in, on the records that the log says were served, and
/// decides whether it may be scored so: no output's AUC on them may fall by more than <see cref="MostFall"/>.
/// </summary>
/// <remarks>Tables that are rounded are written twice: the version is judged in 32 bits before it is compared with itself.</remarks>
internal sealed class QuantizationGate(ModelSpec spec)
{
    private const double MostFall = 0.0005;
    private const int Together = 256;

    /// <summary>Rounds a staged version's tables, sets its ranges and tolerance, and compares.</summary>
    /// <param name="folder">Where the version stands.</param>
    /// <param name="exact">The same version in 32 bits, open.</param>
    /// <param name="examples">Examples of the log.</param>
    /// <returns>Why it must not be served; empty where it may.</returns>
    public ImmutableArray<string> Judge(string folder, ServingModel exact, IReadOnlyCollection<Example> examples)
    {
        if (examples.Count == 0)
        {
            return [$"{Named}: there are no examples to measure it on; declare a validation split, or publish later"];
        }

        ArtifactWriter.RoundTables(folder);
        var ranges = spec.Precision == ScoringPrecision.Int8 ? RangesOf(folder, examples) : ImmutableSortedDictionary<string, float>.Empty;
        ArtifactWriter.SetQuantization(folder, new Quantization(ranges, float.MaxValue));
        using var quantized = ServingModel.Load(ModelArtifact.Open(folder, ArtifactCheck.Lengths));
        // To the bit: another machine scores them as this one does.
        ArtifactWriter.SetQuantization(folder, new Quantization(ranges, quantized.GoldenDeviation));
        var (before, after) = (Score(exact, examples), Score(quantized, examples));
        return [.. exact.Outputs.Select((output, index) => ReasonAgainst(output, index, examples, before, after)).OfType<string>()];
    }

    private string Named => string.Join(" and ", new[]
    {
        spec.Precision == ScoringPrecision.Float32 ? null : $"precision {spec.Precision.ToString().ToLowerInvariant()}",
        RoundedTables.Length == 0 ? null : $"precision of table {string.Join(", ", RoundedTables)}",
    }.OfType<string>());

    private string Settings => RoundedTables.Length == 0 ? "model.precision" : spec.Precision == ScoringPrecision.Float32 ? "it" : "model.precision or the tables'";

    private string[] RoundedTables => [.. spec.Tables.Where(table => table.Precision != RowPrecision.Float32).Select(table => table.Name)];

    private static ImmutableSortedDictionary<string, float> RangesOf(string folder, IEnumerable<Example> examples)
    {
        using var artifact = ModelArtifact.Open(folder, ArtifactCheck.Lengths);
        return QuantizedLayers.RangesOf(artifact, examples);
    }

    private string? ReasonAgainst(GraphOutput output, int index, IReadOnlyCollection<Example> examples, float[][] before, float[][] after)
    {
        if (output.Kind is not (OutputKind.Probability or OutputKind.Joint))
        {
            return null;
        }

        var rows = examples.Index().Where(row => Says(output, row.Item)).ToArray();
        bool[] labels = [.. rows.Select(row => spec.Tasks.IsJointlyPositive(output.Task, row.Item.Labels))];
        var (exact, quantized) = (Auc.Of(Of(before), labels), Auc.Of(Of(after), labels));
        return exact - quantized <= MostFall || double.IsNaN(exact) ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"{Named}: {output.Name}'s AUC on {rows.Length} examples falls from {exact:F5} to {quantized:F5}, more than {MostFall}; set {Settings} to float32");

        float[] Of(float[][] scores) => [.. rows.Select(row => scores[index][row.Index])];
    }

    // A conditional probability is judged where its condition was met.
    private bool Says(GraphOutput output, Example example) =>
        (example.Observed >> output.Task & 1) == 1 && (output.Kind == OutputKind.Joint || spec.Tasks.IsConditionMet(output.Task, example.Labels));

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
