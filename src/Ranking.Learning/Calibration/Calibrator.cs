using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Models;
using static TorchSharp.torch;

namespace Ranking.Learning;

/// <summary>The calibration of a learner's tasks: its maps, how they are fitted, and how they are applied.</summary>
/// <remarks>
/// A conditional task takes the shape of its maps from the examples whose condition is met, and has two levels: its own
/// output is set right over those examples, where Σ p should be the number of positives, and its factor in the joint
/// output over all, where Σ p · (the calibrated probability of the condition) should. The two would be one if the
/// parent were right wherever p is high and wherever it is low; it seldom is, and no single rising map makes both sums
/// right. So mean predicted is mean observed for every output over the data of the fit, and a joint output is not to
/// the last per cent the product of the two others.
/// </remarks>
internal sealed class Calibrator
{
    private readonly ModelSpec spec;
    private readonly ScoringGraph graph;
    private Dictionary<string, CalibrationMap> maps = [];

    public Calibrator(ModelSpec spec, ScoringGraph graph)
    {
        (this.spec, this.graph) = (spec, graph);
        Parameters = CalibrationMap.Identities(graph);
    }

    /// <summary>The numbers of the graph's calibration parameters, by name.</summary>
    public Dictionary<string, float[]> Parameters
    {
        get;
        set => (field, maps) = (value, graph.Nodes.OfType<CalibrationNode>().ToDictionary(node => node.Maps, node => new CalibrationMap(node, value)));
    }

    /// <summary>Fits all tasks anew, parents first.</summary>
    /// <param name="predicted">Examples with the graph's outputs, made before they were learned from.</param>
    /// <param name="transforms">What was fitted for numeric features.</param>
    public void Fit(IEnumerable<Example> predicted, ImmutableArray<NumericTransform> transforms)
    {
        var rows = new PredictedRows(spec, graph, transforms, predicted);
        var fitted = new Dictionary<string, float[]>();
        var joint = new double[spec.Tasks.Count][];
        foreach (var output in graph.Outputs.Where(output => output.Kind is OutputKind.Probability or OutputKind.Joint))
        {
            var condition = output.Kind == OutputKind.Joint ? joint[spec.Tasks.ParentOf(output.Task)] : null;
            var map = graph.CalibrationOf(output) is { } node ? Fit(node, output.Task, rows.Of(output.Task, condition), fitted) : null;
            var probabilities = rows.Logits(output.Task).Zip(rows.Slices(output.Task), (logit, slice) => CalibrationLevel.Sigmoid(map?.Apply(slice, logit) ?? logit));
            joint[output.Task] = [.. probabilities.Select((probability, i) => probability * (condition?[i] ?? 1))];
        }

        Parameters = fitted;
    }

    /// <summary>[rows, 1] the calibrated logits.</summary>
    /// <param name="node">The node.</param>
    /// <param name="logits">[rows, 1].</param>
    /// <param name="batch">The rows' features.</param>
    public Tensor Apply(CalibrationNode node, Tensor logits, EncodedBatch batch)
    {
        var map = maps[node.Maps];
        var numbers = logits.cpu().data<float>().ToArray();
        var keys = node.FeatureId == 0 ? [] : batch.ColumnOf(node.FeatureId).Keys;
        for (var row = 0; row < numbers.Length; row++)
        {
            numbers[row] = map.Apply(keys.IsEmpty ? 0 : keys[row], numbers[row]);
        }

        return tensor(numbers).view(-1, 1).to(logits.device);
    }

    private CalibrationMap Fit(CalibrationNode node, int task, CalibrationRow[] rows, Dictionary<string, float[]> fitted)
    {
        var width = graph.Parameters.First(parameter => parameter.Name == node.Maps).Columns;
        (fitted[node.Maps], var keys) = new CalibrationFit(spec.Calibration[task]).Run(rows, width);
        if (node.Slices is { } name)
        {
            fitted[name] = keys;
        }

        return new CalibrationMap(node, fitted);
    }
}
