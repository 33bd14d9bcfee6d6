using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Learning;

/// <summary>What a calibration keeps of predicted examples: logits, slices and labels, without their features.</summary>
internal sealed class PredictedRows
{
    private const int EncodeBatch = 4096;

    private readonly ModelSpec spec;
    private readonly int[] outputs;
    private readonly CalibrationNode?[] nodes;
    private readonly List<float>[] logits;
    private readonly List<ulong>[] slices;
    private readonly List<(uint Labels, uint Observed, double Weight)> rows = [];

    /// <param name="spec">The model.</param>
    /// <param name="graph">Its graph.</param>
    /// <param name="transforms">What was fitted for numeric features.</param>
    /// <param name="predicted">Examples with the graph's outputs; those without or with one that is not finite are passed over.</param>
    public PredictedRows(ModelSpec spec, ScoringGraph graph, ImmutableArray<NumericTransform> transforms, IEnumerable<Example> predicted)
    {
        this.spec = spec;
        outputs = [.. graph.Outputs.Index().Where(output => output.Item.Kind == OutputKind.Logit).Select(output => output.Index)];
        nodes = [.. graph.Outputs.Where(output => output.Kind == OutputKind.Probability).Select(graph.CalibrationOf)];
        logits = [.. nodes.Select(_ => new List<float>())];
        slices = [.. nodes.Select(_ => new List<ulong>())];
        var encoder = new FeatureEncoder(spec.Schema, transforms, serving: true);
        var batch = encoder.CreateBatch();
        foreach (var chunk in predicted.Where(IsPredicted).Chunk(EncodeBatch))
        {
            Add(chunk, encoder, batch);
        }
    }

    /// <summary>The task's logits.</summary>
    public IReadOnlyList<float> Logits(int task) => logits[task];

    /// <summary>The key of each row's value of the feature that slices the task; 0 where none does.</summary>
    public IReadOnlyList<ulong> Slices(int task) => slices[task];

    /// <summary>The rows that say the task's label.</summary>
    /// <param name="task">The task.</param>
    /// <param name="condition">
    /// [rows] the calibrated probability of the task's condition, which is then what rows count in the level; null where
    /// it is the condition itself.
    /// </param>
    public CalibrationRow[] Of(int task, double[]? condition)
    {
        var observed = new List<CalibrationRow>(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            var (labels, mask, weight) = rows[i];
            if ((mask >> task & 1) == 1)
            {
                var met = spec.Tasks.IsConditionMet(task, labels) ? weight : 0;
                var level = condition is null ? met : weight * condition[i];
                observed.Add(new CalibrationRow(logits[task][i], met, level, spec.Tasks.IsJointlyPositive(task, labels), slices[task][i]));
            }
        }

        return [.. observed];
    }

    private bool IsPredicted(Example example) =>
        !example.Predicted.IsEmpty && Array.TrueForAll(outputs, output => float.IsFinite(example.Predicted.Span[output]));

    private void Add(Example[] chunk, FeatureEncoder encoder, EncodedBatch batch)
    {
        rows.AddRange(chunk.Select(example => (example.Labels, example.Observed, (double)example.Weight / example.SamplingRate)));
        for (var task = 0; task < outputs.Length; task++)
        {
            logits[task].AddRange(chunk.Select(example => example.Predicted.Span[outputs[task]]));
            if (nodes[task] is not { FeatureId: > 0 and var feature })
            {
                slices[task].AddRange(new ulong[chunk.Length]);
                continue;
            }

            batch.Clear();
            encoder.Encode(batch, spec.Schema.Features[spec.Schema.SlotOf(feature)].Scope, chunk);
            slices[task].AddRange(batch.ColumnOf(feature).Keys);
        }
    }
}
