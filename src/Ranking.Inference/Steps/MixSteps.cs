using System.Runtime.Intrinsics;

namespace Ranking.Inference;

/// <summary>exp(x − max x) / Σ exp(x − max x), the sum ascending.</summary>
internal sealed class SoftmaxStep(ValueSlot target, ValueSlot input) : Step(target, input)
{
    public override void Run(Workspace workspace)
    {
        var output = workspace.Write(Target);
        for (var row = 0; row < workspace.RowsOf(Target); row++)
        {
            var x = workspace.Read(input, row);
            var y = output.Slice(row * Target.Width, Target.Width);
            var largest = x[0];
            foreach (var value in x)
            {
                largest = MathF.Max(largest, value);
            }

            var from = 0;
            for (; workspace.Width >= VectorWidth.Bits256 && from + Vector256<float>.Count <= x.Length; from += Vector256<float>.Count)
            {
                Exponential.OfNonPositive(Vector256.Create(x[from..]) - Vector256.Create(largest)).CopyTo(y[from..]);
            }

            for (; from < x.Length; from++)
            {
                y[from] = Exponential.OfNonPositive(x[from] - largest);
            }

            var sum = 0f;
            foreach (var value in y)
            {
                sum += value;
            }

            foreach (ref var value in y)
            {
                value /= sum;
            }
        }
    }
}

/// <summary>Σ gate[e] · expert e, ascending.</summary>
internal sealed unsafe class MixStep(ValueSlot target, ValueSlot gate, ValueSlot[] experts) : Step(target, [gate, .. experts])
{
    public override void Run(Workspace workspace)
    {
        var output = workspace.Write(Target);
        var rows = stackalloc float*[experts.Length];
        for (var row = 0; row < workspace.RowsOf(Target); row++)
        {
            for (var expert = 0; expert < experts.Length; expert++)
            {
                rows[expert] = workspace.At(experts[expert], row);
            }

            WeightedSum.Of(output.Slice(row * Target.Width, Target.Width), workspace.Read(gate, row), rows, workspace.Width);
        }
    }
}
