namespace Ranking.Inference;

/// <summary>x₀ · h + x, rounded once.</summary>
internal sealed class CrossStep(ValueSlot target, ValueSlot first, ValueSlot layer, ValueSlot previous) : Step(target, first, layer, previous)
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
internal sealed class FactorizationStep(ValueSlot target, ValueSlot input, int[] fields) : Step(target, input)
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

/// <summary>The mean of each field's numbers, added up ascending.</summary>
internal sealed class FieldMeansStep(ValueSlot target, ValueSlot input, Range[] fields) : Step(target, input)
{
    public override void Run(Workspace workspace)
    {
        var output = workspace.Write(Target);
        for (var row = 0; row < workspace.RowsOf(Target); row++)
        {
            var x = workspace.Read(input, row);
            for (var field = 0; field < fields.Length; field++)
            {
                var (sum, numbers) = (0f, x[fields[field]].Length);
                foreach (var number in x[fields[field]])
                {
                    sum += number;
                }

                output[(row * fields.Length) + field] = sum / numbers;
            }
        }
    }
}

/// <summary>Each field times twice the logistic function of its gate.</summary>
internal sealed class FieldGateStep(ValueSlot target, ValueSlot input, ValueSlot gate, Range[] fields) : Step(target, input, gate)
{
    public override void Run(Workspace workspace)
    {
        var output = workspace.Write(Target);
        for (var row = 0; row < workspace.RowsOf(Target); row++)
        {
            var x = workspace.Read(input, row);
            var logits = workspace.Read(gate, row);
            var y = output.Slice(row * Target.Width, Target.Width);
            for (var field = 0; field < fields.Length; field++)
            {
                var scale = 2 * Exponential.Sigmoid(logits[field]);
                var (from, count) = fields[field].GetOffsetAndLength(y.Length);
                for (var i = from; i < from + count; i++)
                {
                    y[i] = scale * x[i];
                }
            }
        }
    }
}
