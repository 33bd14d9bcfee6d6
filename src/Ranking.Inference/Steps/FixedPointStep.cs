namespace Ranking.Inference;

/// <summary>
/// For a <see cref="QuantizedAddStep"/>, in <see cref="FixedPoint"/>: the sum of a layer's parts that are a request's, its bias, and
/// half of an integer, so that what is rounded down at last is rounded to the nearest.
/// </summary>
/// <param name="target">A row's numbers of 16 bits.</param>
/// <param name="sum">The sum.</param>
/// <param name="bias">[outputs].</param>
/// <param name="scale">Integers of the layer in one.</param>
internal sealed unsafe class FixedPointStep(ValueSlot target, ValueSlot sum, float[] bias, float scale) : Step(target, sum)
{
    private readonly float[] added = [.. bias.Select(value => value + (0.5f / scale))];

    public override void Run(Workspace workspace)
    {
        workspace.Write(Target);
        Span<float> shifted = stackalloc float[added.Length];
        for (var row = 0; row < workspace.RowsOf(Target); row++)
        {
            var parts = workspace.Read(sum, row);
            for (var output = 0; output < added.Length; output++)
            {
                shifted[output] = parts[output] + added[output];
            }

            FixedPoint.Store(shifted, scale * FixedPoint.One, (short*)workspace.At(Target, row));
        }
    }
}
