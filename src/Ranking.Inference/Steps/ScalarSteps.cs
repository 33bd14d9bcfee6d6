namespace Ranking.Inference;

/// <summary>x + constant.</summary>
internal sealed class ShiftStep(ValueSlot target, ValueSlot input, float constant) : Step(target, input)
{
    public override void Run(Workspace workspace)
    {
        var x = workspace.Read(input);
        var y = workspace.Write(Target);
        for (var i = 0; i < x.Length; i++)
        {
            y[i] = x[i] + constant;
        }
    }
}

/// <summary>The weighted mean of the values, summed in their order, number by number.</summary>
internal sealed class MeanStep(ValueSlot target, (ValueSlot Value, float Share)[] values) : Step(target, [.. values.Select(value => value.Value)])
{
    public override void Run(Workspace workspace)
    {
        var output = workspace.Write(Target);
        output.Clear();
        foreach (var (value, share) in values)
        {
            for (var row = 0; row < workspace.RowsOf(Target); row++)
            {
                var x = workspace.Read(value, row);
                for (var i = 0; i < x.Length; i++)
                {
                    output[(row * Target.Width) + i] += x[i] * share;
                }
            }
        }
    }
}

/// <summary>The logistic function of each number.</summary>
internal sealed class SigmoidStep(ValueSlot target, ValueSlot input) : Step(target, input)
{
    public override void Run(Workspace workspace)
    {
        var x = workspace.Read(input);
        var y = workspace.Write(Target);
        for (var i = 0; i < x.Length; i++)
        {
            y[i] = Exponential.Sigmoid(x[i]);
        }
    }
}

/// <summary>sin 2πx of each number, then cos 2πx of each.</summary>
internal sealed class PeriodicStep(ValueSlot target, ValueSlot input) : Step(target, input)
{
    public override void Run(Workspace workspace)
    {
        var output = workspace.Write(Target);
        for (var row = 0; row < workspace.RowsOf(Target); row++)
        {
            var x = workspace.Read(input, row);
            var y = output.Slice(row * Target.Width, Target.Width);
            for (var i = 0; i < x.Length; i++)
            {
                (y[i], y[x.Length + i]) = Turn.SinCos(x[i]);
            }
        }
    }
}

/// <summary>The product of the factors, in their order, number by number.</summary>
internal sealed class ProductStep(ValueSlot target, ValueSlot[] factors) : Step(target, [.. factors])
{
    public override void Run(Workspace workspace)
    {
        var output = workspace.Write(Target);
        output.Fill(1);
        foreach (var factor in factors)
        {
            for (var row = 0; row < workspace.RowsOf(Target); row++)
            {
                var x = workspace.Read(factor, row);
                for (var i = 0; i < x.Length; i++)
                {
                    output[(row * Target.Width) + i] *= x[i];
                }
            }
        }
    }
}
