using Ranking.Models;

namespace Ranking.Onnx;

/// <summary>Writes the nodes of a scoring graph, one after another, as operators. A value is [rows, width].</summary>
internal sealed class GraphWriter
{
    private readonly ModelArtifact artifact;
    private readonly OnnxGraph onnx;
    private readonly InputWriter inputs;
    private readonly InteractionWriter interactions;
    private readonly bool isSplit;
    private readonly string[] values;

    // What stands side by side and has rows of different kinds is put together only for what reads it whole.
    private readonly Dictionary<int, List<(string Value, int Width)>> parts = [];

    public GraphWriter(ModelArtifact artifact, OnnxGraph onnx, bool isSplit)
    {
        (this.artifact, this.onnx, this.isSplit) = (artifact, onnx, isSplit);
        inputs = new InputWriter(artifact, onnx, isSplit);
        interactions = new InteractionWriter(artifact, onnx);
        values = new string[artifact.Graph.Nodes.Length];
    }

    /// <exception cref="ArtifactException">This build does not know a node.</exception>
    public void Write()
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = isSplit && artifact.Graph.Nodes[i] is ConcatNode concat && IsMixed(concat) ? Split(i, concat) : Write(artifact.Graph.Nodes[i]);
        }

        foreach (var output in artifact.Graph.Outputs)
        {
            onnx.Output(output.Name, values[output.Node]);
        }
    }

    private string Write(GraphNode node) => node switch
    {
        EmbedNode embed => inputs.Embed(embed),
        NumberNode number => inputs.Number(number),
        PiecewiseNode piecewise => inputs.Piecewise(piecewise),
        SequenceNode sequence => inputs.Entries(sequence),
        TargetAttentionNode attention => interactions.Attend(
            attention, [.. attention.Entries.Select(Value)], [.. attention.Query.Select(Value)], inputs.Mask((SequenceNode)artifact.Graph.Nodes[attention.Entries[0]])),
        ConcatNode concat => Concat([.. concat.Parts.Select(Value)]),
        DropoutNode dropout => Value(dropout.Input),
        DenseNode dense => Dense(dense),
        SoftmaxNode softmax => onnx.Add("Softmax", [Value(softmax.Input)], OnnxGraph.Int("axis", -1)),
        MixNode mix => Mix(Value(mix.Gate), [.. mix.Experts.Select(Value)]),
        PeriodicNode periodic => interactions.Periodic(Value(periodic.Input)),
        CrossNode cross => onnx.Add("Add", [onnx.Add("Mul", [Value(cross.First), Value(cross.Layer)]), Value(cross.Previous)]),
        FactorizationNode pairs => interactions.Factorize(pairs, Value(pairs.Input)),
        FieldMeansNode means => interactions.Means(means, Value(means.Input)),
        FieldGateNode gate => interactions.Gate(gate, Value(gate.Input), Value(gate.Gate)),
        TreesNode trees => TreesWriter.Write(onnx, trees, artifact.Weights, Value(trees.Input)),
        MeanNode mean => Mean(mean),
        ServingShiftNode shift => onnx.Add("Add", [Value(shift.Input), onnx.Number(shift.Constant)]),
        CalibrationNode calibration => CalibrationWriter.Write(onnx, calibration, artifact, Value(calibration.Input)),
        SigmoidNode sigmoid => onnx.Add("Sigmoid", [Value(sigmoid.Input)]),
        ProductNode product => product.Factors.Select(Value).Aggregate((left, right) => onnx.Add("Mul", [left, right])),
        _ => throw new ArtifactException("graph.json", $"this build cannot write a {node.GetType().Name} as ONNX."),
    };

    private string Value(int node) => values[node] is { Length: > 0 } value ? value : values[node] = Join(parts[node]);

    private bool IsShared(int node) => (artifact.Graph.Nodes[node].Scopes & ScopeSet.Candidate) == 0;

    private bool IsMixed(ConcatNode concat) => concat.Parts.Any(IsShared) && !concat.Parts.All(IsShared);

    private string Split(int node, ConcatNode concat)
    {
        parts[node] = [];
        for (int from = 0, to; from < concat.Parts.Length; from = to)
        {
            var run = concat.Parts.Skip(from).TakeWhile(part => IsShared(part) == IsShared(concat.Parts[from])).ToList();
            to = from + run.Count;
            parts[node].Add((Concat([.. run.Select(Value)]), run.Sum(part => artifact.Graph.Nodes[part].Width)));
        }

        return "";
    }

    // One row takes the shape of many by the addition of their zeros.
    private string Join(List<(string Value, int Width)> runs)
    {
        var zeros = onnx.Add("Mul", [onnx.Add("Slice", [runs[^1].Value, onnx.Ints(0), onnx.Ints(1), onnx.Ints(1)]), onnx.Number(0)]);
        return Concat([.. runs.Select(run => onnx.Add("Add", [run.Value, zeros]))]);
    }

    private string Concat(string[] parts) => parts.Length == 1 ? parts[0] : onnx.Add("Concat", parts, OnnxGraph.Int("axis", 1));

    private string Dense(DenseNode node)
    {
        var runs = parts.GetValueOrDefault(node.Input) ?? [(Value(node.Input), artifact.Graph.Nodes[node.Input].Width)];
        var (first, sums) = (0, new List<string>());
        foreach (var (value, width) in runs)
        {
            var name = runs.Count == 1 ? node.Weight : $"{node.Weight}.{first}";
            var weight = onnx.Buffer(name, artifact.Weights[node.Weight].Slice(first * node.Width, width * node.Width), width, node.Width);
            sums.Add(sums.Count == 0
                ? onnx.Add("Gemm", [value, weight, onnx.Buffer(node.Bias, artifact.Weights[node.Bias], node.Width)])
                : onnx.Add("MatMul", [value, weight]));
            first += width;
        }

        var sum = sums.Aggregate((left, right) => onnx.Add("Add", [left, right]));
        return node.Activation == Activation.Relu ? onnx.Add("Relu", [sum]) : sum;
    }

    // [rows, 1, experts] · [rows, experts, width].
    private string Mix(string gate, string[] experts)
    {
        var axis = onnx.Ints(1);
        var stacked = onnx.Add("Concat", [.. experts.Select(expert => onnx.Add("Unsqueeze", [expert, axis]))], OnnxGraph.Int("axis", 1));
        return onnx.Add("Squeeze", [onnx.Add("MatMul", [onnx.Add("Unsqueeze", [gate, axis]), stacked]), axis]);
    }

    private string Mean(MeanNode mean) => mean.Values
        .Select((value, number) => onnx.Add("Mul", [Value(value), onnx.Number(mean.ShareOf(number))]))
        .Aggregate((left, right) => onnx.Add("Add", [left, right]));
}
