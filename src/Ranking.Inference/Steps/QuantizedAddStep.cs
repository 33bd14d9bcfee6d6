using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Ranking.Inference;

/// <summary>The last part of a layer that ends in a ReLU, an item's that stands ready, where quantised layers alone read the layer.</summary>
/// <param name="Target">A row's bytes, zeros after the last.</param>
/// <param name="Part">The part, in <see cref="FixedPoint"/>.</param>
/// <param name="Prior">The sum of the parts before, those of the request, with the bias: as a <see cref="FixedPointStep"/> wrote it.</param>
internal sealed record QuantizedAdd(ValueSlot Target, ValueSlot Part, ValueSlot Prior);

/// <summary>
/// Adds such parts as <see cref="AddStep"/> does, and writes integers. All of an item's in one turn: they stand side by side.
/// </summary>
internal sealed unsafe class QuantizedAddStep(QuantizedAdd[] adds)
    : Step(adds[0].Target, [.. adds.SelectMany(add => new[] { add.Part, add.Prior })])
{
    private const int RowsAhead = 2;
    private const int NumbersOfALine = 16;

    public override IReadOnlyList<ValueSlot> Targets => [.. adds.Select(add => add.Target)];

    public override void Run(Workspace workspace)
    {
        var places = stackalloc (SlotRows Parts, SlotRows Priors, SlotRows Targets)[adds.Length];
        for (var number = 0; number < adds.Length; number++)
        {
            var add = adds[number];
            workspace.Write(add.Target);
            places[number] = (workspace.RowsAt(add.Part), workspace.RowsAt(add.Prior), workspace.RowsAt(add.Target));
        }

        var rows = workspace.RowsOf(Target);
        for (var row = 0; row < rows; row++)
        {
            for (var number = 0; number < adds.Length; number++)
            {
                var (add, (parts, priors, targets)) = (adds[number], places[number]);
                if (row + RowsAhead < rows && Sse.IsSupported)
                {
                    var ahead = parts[row + RowsAhead];
                    for (var at = 0; at < add.Part.Length; at += NumbersOfALine)
                    {
                        Sse.Prefetch0(ahead + at);
                    }
                }

                Run(add, (short*)priors[row], (short*)parts[row], (byte*)targets[row], workspace.Width);
            }
        }
    }

    private static void Run(QuantizedAdd add, short* before, short* own, byte* y, VectorWidth vectors)
    {
        var width = add.Part.Width;
        var from = vectors >= VectorWidth.Bits256 && Avx2.IsSupported ? Vectors(before, own, y, width) : 0;
        for (; from < width; from++)
        {
            y[from] = FixedPoint.Sum(before[from], own[from]);
        }

        new Span<byte>(y + from, (add.Target.Width * sizeof(float)) - from).Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Vectors(short* before, short* own, byte* y, int width)
    {
        var from = 0;
        for (; from + FixedPoint.Together <= width; from += FixedPoint.Together)
        {
            FixedPoint.Sum(before + from, own + from, y + from);
        }

        return from;
    }
}
