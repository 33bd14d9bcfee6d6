namespace Ranking.Inference;

/// <summary>x₀ · h + x, rounded once.</summary>
internal sealed class CrossStep(ValueSlot target, ValueSlot first, ValueSlot layer, ValueSlot previous) : Step(target)
{
    public override void Run(Workspace workspace)
    {
        var output = workspace.Write(Target);
        for (var row = 0; row < workspace.RowsOf(Target); row++)
        {
            var x0 = workspace.Read(first, row);
            var h = workspace.Read(layer, row);
            var x = workspace.Read(previous, row);
            var y = output.Slice(row * Target.Width, Target.Width);
            for (var i = 0; i < y.Length; i++)
            {
                y[i] = MathF.FusedMultiplyAdd(x0[i], h[i], x[i]);
            }
        }
    }
}

/// <summary>
/// The products of all pairs of fields, added up field by field: each with the sum of those before it. No number is taken
/// from another, as in ½ · ((Σ v)² − Σ v²), which would cost digits.
/// </summary>
internal sealed class FactorizationStep(ValueSlot target, ValueSlot input, int[] fields) : Step(target)
{
    public override void Run(Workspace workspace)
    {
        var width = Target.Width;
        var output = workspace.Write(Target);
        output.Clear();
        Span<float> before = stackalloc float[width];
        for (var row = 0; row < workspace.RowsOf(Target); row++)
        {
            var x = workspace.Read(input, row);
            var pairs = output.Slice(row * width, width);
            before.Clear();
            foreach (var first in fields)
            {
                for (var i = 0; i < width; i++)
                {
                    pairs[i] = MathF.FusedMultiplyAdd(x[first + i], before[i], pairs[i]);
                    before[i] += x[first + i];
                }
            }
        }
    }
}
