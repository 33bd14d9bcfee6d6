namespace Ranking.Inference;

/// <summary>
/// A dense layer's weights as integers of 8 bits, outside the managed heap, in panels of <see cref="PanelWidth"/> outputs
/// that the kernel reads from front to back: four inputs of each output, then the next four.
/// </summary>
internal sealed unsafe class QuantizedWeights : IDisposable
{
    /// <summary>Outputs of a panel: two vectors of eight sums of 32 bits.</summary>
    public const int PanelWidth = 16;

    /// <summary>Inputs whose products one instruction adds up.</summary>
    public const int Together = 4;

    private const float LargestWeight = 127;
    private const float LargestInput = 255;
    private readonly NativeFloats memory;
    private readonly int panels;

    /// <param name="weight">[inputs, outputs].</param>
    /// <param name="outputs">Outputs of the layer.</param>
    /// <param name="bias">[outputs].</param>
    /// <param name="range">The input that the largest integer stands for.</param>
    public QuantizedWeights(ReadOnlySpan<float> weight, int outputs, ReadOnlySpan<float> bias, float range)
    {
        Outputs = outputs;
        InputBytes = ((weight.Length / outputs) + Together - 1) / Together * Together;
        InputScale = LargestInput / range;
        panels = (outputs + PanelWidth - 1) / PanelWidth;
        memory = new NativeFloats((long)panels * PanelWidth * ((InputBytes / sizeof(float)) + 2));
        for (var output = 0; output < outputs; output++)
        {
            var scale = Largest(weight, output) is var largest and > 0 ? largest / LargestWeight : 1;
            Scales[output] = scale / InputScale;
            Bias[output] = bias[output];
            var column = Panel(output / PanelWidth) + (output % PanelWidth * Together);
            for (var (input, at) = (0, output); at < weight.Length; input++, at += outputs)
            {
                column[(input / Together * PanelWidth * Together) + (input % Together)] = (sbyte)MathF.Round(weight[at] / scale);
            }
        }
    }

    /// <summary>Outputs of the layer.</summary>
    public int Outputs { get; }

    /// <summary>Bytes of a row of inputs: a multiple of <see cref="Together"/>, the last ones zeros.</summary>
    public int InputBytes { get; }

    /// <summary>What an input is multiplied by before it is rounded.</summary>
    public float InputScale { get; }

    /// <summary>[outputs, and zeros to whole panels] what a sum of products is multiplied by.</summary>
    public float* Scales => memory.Numbers;

    /// <summary>[outputs, and zeros to whole panels].</summary>
    public float* Bias => Scales + (panels * PanelWidth);

    /// <summary>[inputs by four, sixteen outputs, four inputs] the weights of some outputs.</summary>
    public sbyte* Panel(int number) => (sbyte*)(Bias + (panels * PanelWidth)) + ((nint)number * PanelWidth * InputBytes);

    /// <inheritdoc/>
    public void Dispose() => memory.Dispose();

    private float Largest(ReadOnlySpan<float> weight, int output)
    {
        var largest = 0f;
        for (var at = output; at < weight.Length; at += Outputs)
        {
            largest = MathF.Max(largest, MathF.Abs(weight[at]));
        }

        return largest;
    }
}
