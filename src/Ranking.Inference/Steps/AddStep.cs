using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Ranking.Inference;

/// <summary>A part of a dense layer that stands ready, added to the sum of the parts before it; with the last, the bias and the activation.</summary>
/// <param name="target">The sum up to this part.</param>
/// <param name="part">The part.</param>
/// <param name="prior">The sum of the parts before.</param>
/// <param name="bias">[outputs] with the last part; empty with the others.</param>
/// <param name="isRelu">Whether the layer ends in a ReLU.</param>
internal sealed unsafe class AddStep(ValueSlot target, ValueSlot part, ValueSlot prior, float[] bias, bool isRelu) : Step(target, part, prior)
{
    // What stands ready is an item's, anywhere in memory: asked for so many rows before it is read.
    private const int RowsAhead = 4;
    private const int NumbersOfALine = 16;

    private readonly float[] added = bias.Length > 0 ? bias : new float[target.Width];
    private readonly float floor = bias.Length > 0 && isRelu ? 0 : float.NegativeInfinity;

    public ValueSlot Part => part;

    public ValueSlot Prior => prior;

    public float[] Bias => bias;

    public override void Run(Workspace workspace)
    {
        var rows = workspace.RowsOf(Target);
        var (parts, priors) = (workspace.RowsAt(part), workspace.RowsAt(prior));
        fixed (float* sums = workspace.Write(Target), more = added)
        {
            for (var row = 0; row < rows; row++)
            {
                if (row + RowsAhead < rows && Sse.IsSupported)
                {
                    var ahead = parts[row + RowsAhead];
                    for (var number = 0; number < part.Length; number += NumbersOfALine)
                    {
                        Sse.Prefetch0(ahead + number);
                    }
                }

                var before = priors[row];
                var own = (byte*)parts[row];
                var sum = sums + (row * Target.Width);
                if (part.IsHalf)
                {
                    Add<RowOfHalves>(before, own, more, sum, workspace.Width);
                }
                else
                {
                    Add<RowOfFloats>(before, own, more, sum, workspace.Width);
                }
            }
        }
    }

    private void Add<TRow>(float* before, byte* own, float* more, float* sum, VectorWidth width)
        where TRow : struct, IRow
    {
        var from = 0;
        if (width >= VectorWidth.Bits512)
        {
            from = Add<TRow, Lanes16>(before, own, more, sum, from);
        }

        if (width >= VectorWidth.Bits256)
        {
            from = Add<TRow, Lanes8>(before, own, more, sum, from);
        }

        if (width >= VectorWidth.Bits128)
        {
            from = Add<TRow, Lanes4>(before, own, more, sum, from);
        }

        Add<TRow, Lanes1>(before, own, more, sum, from);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Add<TRow, TLanes>(float* before, byte* own, float* more, float* sum, int from)
        where TRow : struct, IRow
        where TLanes : struct, ILanes<TLanes>
    {
        var (end, least) = (Target.Width - TLanes.Count, floor);
        for (; from <= end; from += TLanes.Count)
        {
            TLanes.Load(ref before[from], 0).Add(TRow.Load<TLanes>(ref *own, (nuint)from)).Add(TLanes.Load(ref more[from], 0)).AtLeast(least).Store(ref sum[from], 0);
        }

        return from;
    }
}
