using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Learning;

/// <summary>The numbers that a model's trees look at, for the newest of the examples, with their labels.</summary>
internal sealed class TreeRows
{
    private const int EncodeBatch = 4096;

    private readonly TaskSet tasks;
    private readonly Queue<(float[] Numbers, uint Labels, uint Observed, float Weight)> rows = [];

    /// <param name="spec">The model.</param>
    /// <param name="graph">Its graph.</param>
    /// <param name="node">Any of its trees: all look at the same numbers.</param>
    /// <param name="transforms">What was fitted for numeric features.</param>
    /// <param name="examples">The examples.</param>
    public TreeRows(ModelSpec spec, ScoringGraph graph, TreesNode node, ImmutableArray<NumericTransform> transforms, IEnumerable<Example> examples)
    {
        tasks = spec.Tasks;
        var numbers = ((ConcatNode)graph.Nodes[node.Input]).Parts.Select(part => ((NumberNode)graph.Nodes[part]).FeatureId).ToList();
        var schema = new FeatureSchema(spec.Schema.Features.Select(feature => feature with { IsInput = numbers.Contains(feature.Id) }));
        var encoder = new FeatureEncoder(schema, transforms, serving: false);
        var batch = encoder.CreateBatch();
        var columns = numbers.ConvertAll(batch.ColumnOf);
        foreach (var chunk in examples.Chunk(EncodeBatch))
        {
            encoder.Encode(batch, chunk);
            for (var row = 0; row < chunk.Length; row++)
            {
                rows.Enqueue((Read(columns, row, graph.Nodes[node.Input].Width), chunk[row].Labels, chunk[row].Observed, chunk[row].Weight / chunk[row].SamplingRate));
            }

            while (rows.Count > spec.Trees!.Examples)
            {
                rows.Dequeue();
            }
        }
    }

    /// <summary>The rows that say a task's label, and whose condition is met.</summary>
    public IReadOnlyList<TreeRow> Of(int task) =>
        [.. rows.Where(row => (row.Observed >> task & 1) == 1 && tasks.IsConditionMet(task, row.Labels))
            .Select(row => new TreeRow { Numbers = row.Numbers, Weight = row.Weight, Label = (row.Labels >> task & 1) == 1 })];

    private static float[] Read(List<EncodedColumn> columns, int row, int width)
    {
        var numbers = new float[width];
        var at = 0;
        foreach (var column in columns)
        {
            numbers[at++] = column.Values[row];
            if (column.Feature.Missing == MissingRule.Indicator)
            {
                numbers[at++] = column.Missing[row];
            }
        }

        return numbers;
    }
}

/// <summary>An example of one task, in the form in which ML.NET reads it.</summary>
internal sealed class TreeRow
{
    /// <summary>What the trees look at.</summary>
    public float[] Numbers { get; set; } = [];

    /// <summary>How much it counts.</summary>
    public float Weight { get; set; }

    /// <summary>Whether it is positive.</summary>
    public bool Label { get; set; }
}
