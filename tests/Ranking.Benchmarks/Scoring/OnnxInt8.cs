using System.Runtime.InteropServices;
using Google.Protobuf;
using Ranking.Onnx;

namespace Ranking.Benchmarks;

/// <summary>
/// An ONNX file with its matrix products in 8 bits, as ONNX Runtime's own <c>quantize_dynamic</c> rewrites it (weights int8
/// and per output, inputs uint8 by the range that they have at the time): <c>DynamicQuantizeLinear</c>, <c>MatMulInteger</c>,
/// a cast and the scales, which ONNX Runtime fuses into its own operators when it loads the file.
/// </summary>
internal static class OnnxInt8
{
    private const int Float = 1;
    private const int Int8 = 3;
    private const float LargestWeight = 127;

    /// <summary>Rewrites the file in place.</summary>
    public static void Rewrite(string path)
    {
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        var graph = model.Graph;
        var weights = graph.Initializer.Where(tensor => tensor.Dims.Count == 2 && tensor.ExternalData.Count == 0).ToDictionary(tensor => tensor.Name);
        var nodes = new List<NodeProto>();
        var quantized = new Dictionary<string, string>();
        foreach (var node in graph.Node)
        {
            if (node.OpType is not ("Gemm" or "MatMul") || !weights.TryGetValue(node.Input[1], out var weight))
            {
                nodes.Add(node);
                continue;
            }

            var (input, output) = (node.Input[0], node.Output[0]);
            if (quantized.TryAdd(input, $"{input}.int8"))
            {
                nodes.Add(Node("DynamicQuantizeLinear", [input], $"{input}.int8", $"{input}.scale", $"{input}.zero"));
            }

            var scales = Quantize(weight, graph);
            nodes.Add(Node("MatMulInteger", [quantized[input], $"{weight.Name}.int8", $"{input}.zero"], $"{output}.sums"));
            nodes.Add(Node("Cast", [$"{output}.sums"], $"{output}.float"));
            nodes[^1].Attribute.Add(new AttributeProto { Name = "to", I = Float, Type = AttributeProto.Types.AttributeType.Int });
            nodes.Add(Node("Mul", [$"{input}.scale", scales], $"{output}.scales"));
            nodes.Add(Node("Mul", [$"{output}.float", $"{output}.scales"], node.OpType == "Gemm" ? $"{output}.product" : output));
            if (node.OpType == "Gemm")
            {
                nodes.Add(Node("Add", [$"{output}.product", node.Input[2]], output));
            }
        }

        graph.Node.Clear();
        graph.Node.Add(nodes);
        File.WriteAllBytes(path, model.ToByteArray());
    }

    private static NodeProto Node(string op, string[] inputs, params string[] outputs) =>
        new() { OpType = op, Name = $"{op}.{outputs[0]}", Input = { inputs }, Output = { outputs } };

    // Gives the name of the scales, one an output.
    private static string Quantize(TensorProto weight, GraphProto graph)
    {
        var (name, outputs) = ($"{weight.Name}.scales", (int)weight.Dims[1]);
        if (graph.Initializer.Any(tensor => tensor.Name == name))
        {
            return name;
        }

        var numbers = MemoryMarshal.Cast<byte, float>(weight.RawData.Span).ToArray();
        float[] scales = [.. Enumerable.Range(0, outputs).Select(output => numbers.Where((_, at) => at % outputs == output).Max(MathF.Abs) / LargestWeight)];
        sbyte[] integers = [.. numbers.Select((number, at) => (sbyte)MathF.Round(number / scales[at % outputs]))];
        graph.Initializer.Add(Tensor($"{weight.Name}.int8", Int8, MemoryMarshal.AsBytes(integers.AsSpan()), weight.Dims));
        graph.Initializer.Add(Tensor(name, Float, MemoryMarshal.AsBytes(scales.AsSpan()), [outputs]));
        return name;
    }

    private static TensorProto Tensor(string name, int type, ReadOnlySpan<byte> bytes, IEnumerable<long> dims) =>
        new() { Name = name, DataType = type, Dims = { dims }, RawData = ByteString.CopyFrom(bytes) };
}
