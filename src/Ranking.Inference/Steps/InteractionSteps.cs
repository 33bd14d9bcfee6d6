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
