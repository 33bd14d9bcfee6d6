using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Ranking.Onnx;

/// <summary>A graph of ONNX nodes in the making. Values are names; every operator gives one.</summary>
internal sealed class OnnxGraph
{
    private const int Float = 1;
    private const int Int64 = 7;
    private readonly GraphProto graph = new() { Name = "ranking" };
    private readonly Dictionary<string, OnnxInput> inputs = [];
    private readonly HashSet<string> initializers = [];

    /// <summary>The inputs, in the order in which they were asked for.</summary>
    public IReadOnlyCollection<OnnxInput> Inputs => inputs.Values;

    /// <summary>The graph as the format has it.</summary>
    public GraphProto Format => graph;

    /// <summary>An input; of several with one name, the first stands for all.</summary>
    public string Input(OnnxInput input)
    {
        if (inputs.TryAdd(input.Name, input))
        {
            var isFloat = input.Kind is not (OnnxInputKind.TableRows or OnnxInputKind.Slice);
            var shape = new TensorShapeProto { Dim = { input.IsShared ? new TensorShapeProto.Types.Dimension { DimValue = 1 } : new TensorShapeProto.Types.Dimension { DimParam = "rows" } } };
            if (input.Rank == 2)
            {
                shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = input.Column >= 0 || input.Kind == OnnxInputKind.Entries ? $"entries.{input.FeatureId}" : $"ids.{input.FeatureId}" });
            }

            graph.Input.Add(new ValueInfoProto { Name = input.Name, Type = TypeOf(isFloat ? Float : Int64, shape) });
        }

        return input.Name;
    }

    /// <summary>[rows] a value of width 1 under the name of an output.</summary>
    public void Output(string name, string value)
    {
        graph.Node.Add(new NodeProto { OpType = "Squeeze", Input = { value, Ints(1) }, Output = { name }, Name = name });
        var shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimParam = "rows" } } };
        graph.Output.Add(new ValueInfoProto { Name = name, Type = TypeOf(Float, shape) });
    }

    /// <summary>An operator's value.</summary>
    public string Add(string op, string[] from, params AttributeProto[] attributes) => Add(op, "", from, attributes);

    /// <summary>The value of an operator of another domain.</summary>
    public string Add(string op, string domain, string[] from, params AttributeProto[] attributes)
    {
        var name = $"{op.ToLowerInvariant()}.{graph.Node.Count}";
        graph.Node.Add(new NodeProto { OpType = op, Domain = domain, Input = { from }, Output = { name }, Name = name, Attribute = { attributes } });
        return name;
    }

    /// <summary>A buffer of numbers, kept once under its name.</summary>
    public string Buffer(string name, ReadOnlySpan<float> numbers, params long[] dims)
    {
        if (initializers.Add(name))
        {
            graph.Initializer.Add(new TensorProto { Name = name, DataType = Float, Dims = { dims }, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(numbers)) });
        }

        return name;
    }

    /// <summary>A table that stands in the file beside the model's.</summary>
    public void Table(string name, string file, long offset, long length, params long[] dims) => graph.Initializer.Add(new TensorProto
    {
        Name = name,
        DataType = Float,
        Dims = { dims },
        DataLocation = TensorProto.Types.DataLocation.External,
        ExternalData =
        {
            new StringStringEntryProto { Key = "location", Value = file },
            new StringStringEntryProto { Key = "offset", Value = $"{offset}" },
            new StringStringEntryProto { Key = "length", Value = $"{length}" },
        },
    });

    /// <summary>One number.</summary>
    public string Number(float number) => Buffer($"number.{BitConverter.SingleToInt32Bits(number):x8}", [number]);

    /// <summary>Whole numbers: axes, borders.</summary>
    public string Ints(params long[] numbers)
    {
        var name = $"ints.{string.Join('_', numbers)}";
        if (initializers.Add(name))
        {
            graph.Initializer.Add(new TensorProto { Name = name, DataType = Int64, Dims = { numbers.Length }, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(numbers.AsSpan())) });
        }

        return name;
    }

    public static AttributeProto Int(string name, long value) => new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };

    public static AttributeProto Text(string name, string value) => new() { Name = name, S = ByteString.CopyFromUtf8(value), Type = AttributeProto.Types.AttributeType.String };

    public static AttributeProto Texts(string name, IEnumerable<string> values) =>
        new() { Name = name, Strings = { values.Select(ByteString.CopyFromUtf8) }, Type = AttributeProto.Types.AttributeType.Strings };

    public static AttributeProto Longs(string name, IEnumerable<long> values) => new() { Name = name, Ints = { values }, Type = AttributeProto.Types.AttributeType.Ints };

    public static AttributeProto Floats(string name, IEnumerable<float> values) => new() { Name = name, Floats = { values }, Type = AttributeProto.Types.AttributeType.Floats };

    private static TypeProto TypeOf(int element, TensorShapeProto shape) => new() { TensorType = new TypeProto.Types.Tensor { ElemType = element, Shape = shape } };
}
