using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ranking.Inference;

/// <summary>The last part of a layer that ends in a ReLU, an item's that stands ready, where quantised layers alone read the layer.</summary>
/// <param name="Target">A row's bytes, zeros after the last.</param>
/// <param name="Part">The part, in halves.</param>
/// <param name="Prior">The sum of the parts before, those of the request.</param>
/// <param name="Bias">[outputs].</param>
/// <param name="Scale">What the layer's value is multiplied by before it is rounded.</param>
internal sealed record QuantizedAdd(ValueSlot Target, ValueSlot Part, ValueSlot Prior, float[] Bias, float Scale);

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

                Run(add, priors[row], (ushort*)parts[row], (byte*)targets[row], workspace.Width);
            }
        }
    }

    private static void Run(QuantizedAdd add, float* before, ushort* own, byte* y, VectorWidth vectors)
    {
        var width = add.Part.Width;
        fixed (float* added = add.Bias)
        {
            var from = vectors >= VectorWidth.Bits256 ? Vectors(before, own, added, y, width, add.Scale) : 0;
            for (; from < width; from++)
            {
                y[from] = Integers.Of(before[from] + Halves.Of(own[from]) + added[from], add.Scale);
            }

            new Span<byte>(y + from, (add.Target.Width * sizeof(float)) - from).Clear();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Vectors(float* before, ushort* own, float* added, byte* y, int width, float scale)
    {
        var from = 0;
        for (; from + Integers.Together <= width; from += Integers.Together, before += Integers.Together, own += Integers.Together, added += Integers.Together)
        {
            Integers.Store(
                y + from, Sum(before, own, added), Sum(before + 8, own + 8, added + 8), Sum(before + 16, own + 16, added + 16),
                Sum(before + 24, own + 24, added + 24), scale);
        }

        return from;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Sum(float* before, ushort* own, float* added) => Halves.AddTo(Vector256.Load(before), own) + Vector256.Load(added);
}
