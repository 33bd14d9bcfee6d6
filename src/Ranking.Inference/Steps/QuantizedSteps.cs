using System.Runtime.Intrinsics;

namespace Ranking.Inference;

/// <summary>Numbers from 0 on as integers of 8 bits, for a quantised layer: a row's are bytes in the target's memory, zeros after the last.</summary>
internal sealed unsafe class QuantizeStep(ValueSlot target, ValueSlot input, float scale) : Step(target, input)
{
    public override void Run(Workspace workspace)
    {
        workspace.Write(Target);
        for (var row = 0; row < workspace.RowsOf(Target); row++)
        {
            var x = workspace.At(input, row);
            var y = (byte*)workspace.At(Target, row);
            var from = 0;
            for (; workspace.Width >= VectorWidth.Bits256 && from + Integers.Together <= input.Width; from += Integers.Together)
            {
                Integers.Store(y + from, Vector256.Load(x + from), Vector256.Load(x + from + 8), Vector256.Load(x + from + 16), Vector256.Load(x + from + 24), scale);
            }

            for (; from < input.Width; from++)
            {
                y[from] = Integers.Of(x[from], scale);
            }

            new Span<byte>(y + from, (Target.Width * sizeof(float)) - from).Clear();
        }
    }
}

/// <summary>A dense layer in integers of 8 bits.</summary>
/// <param name="target">[rows, outputs].</param>
/// <param name="input">What a <see cref="QuantizeStep"/> wrote.</param>
/// <param name="weights">The weights and the bias.</param>
/// <param name="isRelu">Whether the layer ends in a ReLU.</param>
internal sealed unsafe class QuantizedDenseStep(ValueSlot target, ValueSlot input, QuantizedWeights weights, bool isRelu) : Step(target, input)
{
    private const int RowsAside = 48;

    public override void Run(Workspace workspace)
    {
        workspace.Write(Target);
        var rows = workspace.RowsOf(Target);
        if (rows == 0)
        {
            return;
        }

        var x = (byte*)workspace.At(input, 0);
        var y = workspace.At(Target, 0);
        for (var first = 0; first < weights.Outputs; first += QuantizedWeights.PanelWidth)
        {
            if (first + QuantizedWeights.PanelWidth <= weights.Outputs)
            {
                TileOf(first, weights.Outputs).Run(x, y + first, rows, workspace.Width);
                continue;
            }

            for (var row = 0; row < rows; row += RowsAside)
            {
                RunAside(first, x + ((nint)row * weights.InputBytes), y + ((nint)row * weights.Outputs), Math.Min(RowsAside, rows - row), workspace.Width);
            }
        }
    }

    // The output has fewer columns than the panel: what lies beyond them is the next row's.
    private void RunAside(int first, byte* x, float* y, int rows, VectorWidth width)
    {
        var sums = stackalloc float[RowsAside * QuantizedWeights.PanelWidth];
        TileOf(first, QuantizedWeights.PanelWidth).Run(x, sums, rows, width);
        for (var row = 0; row < rows; row++)
        {
            new ReadOnlySpan<float>(sums + (row * QuantizedWeights.PanelWidth), weights.Outputs - first)
                .CopyTo(new Span<float>(y + ((nint)row * weights.Outputs) + first, weights.Outputs - first));
        }
    }

    private QuantizedTile TileOf(int first, int stride) => new()
    {
        InputBytes = weights.InputBytes,
        Panel = weights.Panel(first / QuantizedWeights.PanelWidth),
        Scales = weights.Scales + first,
        Bias = weights.Bias + first,
        OutputStride = stride,
        IsRelu = isRelu,
    };
}

/// <summary>Notes the largest input that a layer is given: the range of its integers.</summary>
internal sealed class RangeStep(ValueSlot target, ValueSlot input, string layer, Dictionary<string, float> ranges) : Step(target, input)
{
    public override void Run(Workspace workspace)
    {
        var largest = ranges.GetValueOrDefault(layer);
        for (var row = 0; row < workspace.RowsOf(input); row++)
        {
            foreach (var value in workspace.Read(input, row))
            {
                largest = MathF.Max(largest, value);
            }
        }

        ranges[layer] = largest;
    }
}
