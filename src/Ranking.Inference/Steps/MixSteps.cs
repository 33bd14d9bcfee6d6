using System.Runtime.Intrinsics;

namespace Ranking.Inference;

/// <summary>exp(x − max x) / Σ exp(x − max x), the sum ascending.</summary>
internal sealed unsafe class SoftmaxStep(ValueSlot target, ValueSlot input) : Step(target, input)
{
    public override void Run(Workspace workspace)
    {
        workspace.Write(Target);
        var (inputs, targets) = (workspace.RowsAt(input), workspace.RowsAt(Target));
        for (var row = 0; row < workspace.RowsOf(Target); row++)
        {
            Run(inputs[row], targets[row], workspace.Width >= VectorWidth.Bits256 ? Target.Width / Vector256<float>.Count * Vector256<float>.Count : 0);
        }
    }

    // So many at the beginning by eights.
    private void Run(float* x, float* y, int together)
    {
        var largest = Largest(x, together);
        var from = 0;
        for (; from < together; from += Vector256<float>.Count)
        {
            Exponential.OfNonPositive(Vector256.Load(x + from) - Vector256.Create(largest)).Store(y + from);
        }

        for (; from < Target.Width; from++)
        {
            y[from] = Exponential.OfNonPositive(x[from] - largest);
        }

        var sum = 0f;
        for (var at = 0; at < Target.Width; at++)
        {
            sum += y[at];
        }

        for (from = 0; from < together; from += Vector256<float>.Count)
        {
            (Vector256.Load(y + from) / sum).Store(y + from);
        }

        for (; from < Target.Width; from++)
        {
            y[from] /= sum;
        }
    }

    // A NaN makes all of them one, whether it is the largest or not.
    private float Largest(float* x, int together)
    {
        var largest = Vector256.Create(float.NegativeInfinity);
        var from = 0;
        for (; from < together; from += Vector256<float>.Count)
        {
            largest = Vector256.MaxNative(Vector256.Load(x + from), largest);
        }

        var half = Vector128.MaxNative(largest.GetLower(), largest.GetUpper());
        half = Vector128.MaxNative(half, Vector128.Shuffle(half, Vector128.Create(2, 3, 0, 1)));
        var most = Vector128.MaxNative(half, Vector128.Shuffle(half, Vector128.Create(1, 0, 3, 2))).ToScalar();
        for (; from < Target.Width; from++)
        {
            most = MathF.Max(most, x[from]);
        }

        return most;
    }
}

/// <summary>Σ gate[e] · expert e, ascending; of several gates in one turn, so that a candidate's experts are read once.</summary>
/// <param name="targets">[gates] the sums.</param>
/// <param name="gates">The gates.</param>
/// <param name="experts">What each of them weighs.</param>
internal sealed unsafe class MixStep(ValueSlot[] targets, ValueSlot[] gates, ValueSlot[] experts) : Step(targets[0], [.. gates, .. experts])
{
    public override IReadOnlyList<ValueSlot> Targets => targets;

    public override void Run(Workspace workspace)
    {
        foreach (var target in targets)
        {
            workspace.Write(target);
        }

        var rows = stackalloc float*[experts.Length];
        var places = stackalloc SlotRows[experts.Length];
        for (var expert = 0; expert < experts.Length; expert++)
        {
            places[expert] = workspace.RowsAt(experts[expert]);
        }

        for (var row = 0; row < workspace.RowsOf(Target); row++)
        {
            for (var expert = 0; expert < experts.Length; expert++)
            {
                rows[expert] = places[expert][row];
            }

            for (var gate = 0; gate < gates.Length; gate++)
            {
                WeightedSum.Of(new Span<float>(workspace.At(targets[gate], row), Target.Width), workspace.Read(gates[gate], row), rows, workspace.Width);
            }
        }
    }

    /// <summary>The gates.</summary>
    public ValueSlot[] Gates => gates;

    /// <summary>What each of them weighs.</summary>
    public ValueSlot[] Experts => experts;
}
