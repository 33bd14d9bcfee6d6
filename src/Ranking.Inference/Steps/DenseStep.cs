namespace Ranking.Inference;

/// <summary>
/// One scope's part of a dense layer, added to the sum of the parts before it. The last part's value is the layer's: with
/// the bias, then the activation.
/// </summary>
/// <param name="target">The sum up to this part.</param>
/// <param name="input">The part's values.</param>
/// <param name="weights">The weights that it meets; the last part's with the bias.</param>
/// <param name="prior">The sum of the parts before; null for the first.</param>
/// <param name="isRelu">Whether the layer ends in a ReLU.</param>
internal sealed class DenseStep(ValueSlot target, ValueSlot input, PackedWeights weights, ValueSlot? prior, bool isRelu)
    : Step(target, prior is { } read ? [input, read] : [input])
{
    /// <summary>The layer that is computed after this one, whose weights are asked for meanwhile.</summary>
    public DenseStep? Next { get; set; }

    private PackedWeights Weights => weights;

    public override void Run(Workspace workspace)
    {
        var kernel = new DenseKernel
        {
            Input = workspace.Read(input),
            InputStride = workspace.StrideOf(input),
            Weights = weights,
            Prior = prior is { } before ? workspace.Read(before) : default,
            PriorStride = prior is { } sum ? workspace.StrideOf(sum) : 0,
            IsRelu = isRelu,
            Next = Next?.Weights,
        };
        kernel.Run(workspace.Write(Target), workspace.RowsOf(Target));
    }
}
