using System.Collections.Immutable;
using Ranking.Models;

namespace Ranking.Onnx;

/// <summary>Writes what crosses inputs: attention, waves, factorisation machines and gates of fields.</summary>
internal sealed class InteractionWriter(ModelArtifact artifact, OnnxGraph onnx)
{
    /// <summary>The entries, summed with weights that a small network gives each (<see cref="TargetAttentionNode"/>).</summary>
    /// <param name="node">The node.</param>
    /// <param name="entries">[rows, entries, width] each column.</param>
    /// <param name="query">[rows, width] the candidate's values.</param>
    /// <param name="mask">[rows, entries, 1].</param>
    public string Attend(TargetAttentionNode node, string[] entries, string[] query, string mask)
    {
        var queryWidth = node.Query.Sum(part => artifact.Graph.Nodes[part].Width);
        var entry = Join(entries, 2);
        var keys = onnx.Add("Slice", [entry, onnx.Ints(0), onnx.Ints(queryWidth), onnx.Ints(2)]);
        var asked = onnx.Add("Expand", [onnx.Add("Unsqueeze", [Join(query, 1), onnx.Ints(1)]), onnx.Add("Shape", [keys])]);
        var read = onnx.Add("Concat", [entry, asked, onnx.Add("Sub", [keys, asked]), onnx.Add("Mul", [keys, asked])], OnnxGraph.Int("axis", 2));
        var hidden = onnx.Add("Relu", [Layer(read, node.Hidden, node.Width + (3 * queryWidth), TargetAttentionNode.Units)]);
        var weights = onnx.Add("Mul", [Layer(hidden, node.Weigh, TargetAttentionNode.Units, 1), mask]);
        return onnx.Add("ReduceSum", [onnx.Add("Mul", [entry, weights]), onnx.Ints(1)], OnnxGraph.Int("keepdims", 0));
    }

    /// <summary>sin 2πx of each number, then cos 2πx of each; whole turns are taken off where that is exact.</summary>
    public string Periodic(string turns)
    {
        var near = onnx.Add("Clip", [turns, onnx.Buffer("farthest.low", [-PeriodicNode.Farthest], []), onnx.Buffer("farthest.high", [PeriodicNode.Farthest], [])]);
        var angle = onnx.Add("Mul", [onnx.Add("Sub", [near, onnx.Add("Round", [near])]), onnx.Number(2 * MathF.PI)]);
        return onnx.Add("Concat", [onnx.Add("Sin", [angle]), onnx.Add("Cos", [angle])], OnnxGraph.Int("axis", 1));
    }

    /// <summary>½ · ((Σ v)² − Σ v²), number by number.</summary>
    public string Factorize(FactorizationNode node, string input)
    {
        var fields = node.Fields.Select(begin => onnx.Add("Slice", [input, onnx.Ints(begin), onnx.Ints(begin + node.Width), onnx.Ints(1)])).ToArray();
        var sum = onnx.Add("Sum", fields);
        var squares = onnx.Add("Sum", [.. fields.Select(field => onnx.Add("Mul", [field, field]))]);
        return onnx.Add("Mul", [onnx.Add("Sub", [onnx.Add("Mul", [sum, sum]), squares]), onnx.Number(0.5f)]);
    }

    /// <summary>The mean of each field.</summary>
    public string Means(FieldMeansNode node, string input)
    {
        var width = artifact.Graph.Nodes[node.Input].Width;
        return onnx.Add("MatMul", [input, onnx.Buffer(NameOf("means", node.Fields, width), Members(node.Fields, width, isMean: true), width, node.Fields.Length)]);
    }

    /// <summary>Each field times 2 σ(gate).</summary>
    public string Gate(FieldGateNode node, string input, string gate)
    {
        var doubled = onnx.Add("Mul", [onnx.Add("Sigmoid", [gate]), onnx.Number(2)]);
        var members = onnx.Buffer(NameOf("members", node.Fields, node.Width), Members(node.Fields, node.Width, isMean: false), node.Fields.Length, node.Width);
        return onnx.Add("Mul", [input, onnx.Add("MatMul", [doubled, members])]);
    }

    private string Join(string[] parts, int axis) => parts.Length == 1 ? parts[0] : onnx.Add("Concat", parts, OnnxGraph.Int("axis", axis));

    private string Layer(string input, string name, int inputs, int outputs)
    {
        var weight = onnx.Buffer($"{name}.weight", artifact.Weights[$"{name}.weight"], inputs, outputs);
        return onnx.Add("Add", [onnx.Add("MatMul", [input, weight]), onnx.Buffer($"{name}.bias", artifact.Weights[$"{name}.bias"], outputs)]);
    }

    private static string NameOf(string what, ImmutableArray<int> fields, int width) => $"{what}.{string.Join('_', fields)}.{width}";

    // [width, fields] what takes means, or [fields, width] what spreads a number of each field over it.
    private static float[] Members(ImmutableArray<int> fields, int width, bool isMean)
    {
        var members = new float[width * fields.Length];
        for (var field = 0; field < fields.Length; field++)
        {
            var end = field + 1 < fields.Length ? fields[field + 1] : width;
            for (var at = fields[field]; at < end; at++)
            {
                members[isMean ? (at * fields.Length) + field : (field * width) + at] = isMean ? 1f / (end - fields[field]) : 1;
            }
        }

        return members;
    }
}
