namespace Ranking.Inference;

/// <summary>A scope's part of a dense layer's input.</summary>
/// <param name="Input">Its values.</param>
/// <param name="FirstInput">The first row of the weight that it meets.</param>
/// <param name="Sum">Where the sum of the parts up to this one goes; the layer's value for the last.</param>
internal readonly record struct DensePart(ValueSlot Input, int FirstInput, ValueSlot Sum);

/// <summary>A dense layer: the sums of its scopes' parts, added in their order, then the bias, then the activation.</summary>
internal sealed class DenseStep(ValueSlot target, DensePart[] parts, float[] weight, float[] bias, bool isRelu) : Step(target)
{
    public override void Run(Workspace workspace)
    {
        for (var i = 0; i < parts.Length; i++)
        {
            var (input, first, sum) = parts[i];
            var prior = i == 0 ? sum : parts[i - 1].Sum;
            var kernel = new DenseKernel
            {
                Input = workspace.Read(input),
                InputStride = workspace.StrideOf(input),
                Inputs = input.Width,
                Weight = weight.AsSpan(first * Target.Width, input.Width * Target.Width),
                Prior = i == 0 ? default : workspace.Read(prior),
                PriorStride = workspace.StrideOf(prior),
                Bias = i == parts.Length - 1 ? bias : default,
                IsRelu = isRelu,
            };
            kernel.Run(workspace.Write(sum), workspace.RowsOf(sum), Target.Width, workspace.Width);
        }
    }
}
