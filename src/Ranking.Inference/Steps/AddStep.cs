using System.Runtime.InteropServices;
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

    /// <summary>The same as integers, where quantised layers alone read it.</summary>
    public QuantizedAdd Quantized(ValueSlot integers, float scale) => new(integers, part, prior, bias, scale);

    public override void Run(Workspace workspace)
    {
        var output = workspace.Write(Target);
        var rows = workspace.RowsOf(Target);
        for (var row = 0; row < rows; row++)
        {
            if (row + RowsAhead < rows && Sse.IsSupported)
            {
                var ahead = workspace.At(part, row + RowsAhead);
                for (var number = 0; number < part.Length; number += NumbersOfALine)
                {
                    Sse.Prefetch0(ahead + number);
                }
            }

            var sum = output.Slice(row * Target.Width, Target.Width);
            var before = workspace.Read(prior, row);
            var own = workspace.At(part, row);
            var from = 0;
            if (workspace.Width >= VectorWidth.Bits512)
            {
                from = Add<Lanes16>(sum, before, own, from);
            }

            if (workspace.Width >= VectorWidth.Bits256)
            {
                from = Add<Lanes8>(sum, before, own, from);
            }

            if (workspace.Width >= VectorWidth.Bits128)
            {
                from = Add<Lanes4>(sum, before, own, from);
            }

            Add<Lanes1>(sum, before, own, from);
        }
    }

    private int Add<TLanes>(Span<float> sum, ReadOnlySpan<float> before, float* own, int from)
        where TLanes : struct, ILanes<TLanes>
    {
        ref var target = ref MemoryMarshal.GetReference(sum);
        ref var left = ref MemoryMarshal.GetReference(before);
        ref var added = ref MemoryMarshal.GetReference(bias.AsSpan());
        for (; from + TLanes.Count <= sum.Length; from += TLanes.Count)
        {
            var value = TLanes.Load(ref left, (nuint)from);
            value = part.IsHalf ? value.AddHalves((ushort*)own + from) : value.Add(TLanes.Load(ref own[from], 0));
            if (bias.Length > 0)
            {
                value = value.Add(TLanes.Load(ref added, (nuint)from));
                value = isRelu ? value.Relu() : value;
            }

            value.Store(ref target, (nuint)from);
        }

        return from;
    }
}
