using Ranking.Models;

namespace Ranking.Onnx;

/// <summary>Writes the nodes of a scoring graph, one after another, as operators. A value is [rows, width].</summary>
internal sealed class GraphWriter
{
    private readonly ModelArtifact artifact;
    private readonly OnnxGraph onnx;
    private readonly InputWriter inputs;
    private readonly InteractionWriter interactions;
    private readonly string[] values;

    public GraphWriter(ModelArtifact artifact, OnnxGraph onnx)
    {
        (this.artifact, this.onnx) = (artifact, onnx);
        inputs = new InputWriter(artifact, onnx);
        interactions = new InteractionWriter(artifact, onnx);
        values = new string[artifact.Graph.Nodes.Length];
    }

    /// <exception cref="ArtifactException">This build does not know a node.</exception>
    public void Write()
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Write(artifact.Graph.Nodes[i]);
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

    private string Value(int node) => values[node];

    private string Concat(string[] parts) => parts.Length == 1 ? parts[0] : onnx.Add("Concat", parts, OnnxGraph.Int("axis", 1));

    private string Dense(DenseNode node)
    {
        var width = artifact.Graph.Nodes[node.Input].Width;
        var weight = onnx.Buffer(node.Weight, artifact.Weights[node.Weight], width, node.Width);
        var bias = onnx.Buffer(node.Bias, artifact.Weights[node.Bias], node.Width);
        var sum = onnx.Add("Gemm", [Value(node.Input), weight, bias]);
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
