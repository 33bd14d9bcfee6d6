using Ranking.Core;

namespace Ranking.Inference;

/// <summary>A column of a sequence.</summary>
/// <param name="Part">Its index among the sequence's columns.</param>
/// <param name="Width">Numbers of its embedding.</param>
/// <param name="Slot">Where they are.</param>
internal sealed record EntryPart(int Part, int Width, TableSlot Slot);

/// <summary>The entries of the rows' sequences, one after another, and their part of the hidden layer of an attention.</summary>
/// <param name="target">[entries, numbers of an entry].</param>
/// <param name="hidden">The buffer of [entries, hidden units].</param>
/// <param name="sequence">The sequence.</param>
/// <param name="column">Its place among the columns of its scope.</param>
/// <param name="parts">Its columns.</param>
/// <param name="weights">The hidden layer's weights of an entry.</param>
internal sealed class SequenceStep(ValueSlot target, int hidden, Feature sequence, int column, EntryPart[] parts, PackedWeights weights) : Step(target)
{
    public override void Run(Workspace workspace)
    {
        var encoded = workspace.Column(sequence.Scope, column);
        var (first, rows) = (workspace.RowOf(Target, 0), workspace.RowsOf(Target));
        var (begin, end) = (encoded.Offsets[first], encoded.Offsets[first + rows]);
        var entries = workspace.Write(Target.Buffer, (end - begin) * Target.Width);
        var from = 0;
        foreach (var part in parts)
        {
            var table = workspace.Tables.All[part.Slot.Number];
            var keys = encoded.Parts[part.Part].Keys[begin..end];
            for (var entry = 0; entry < keys.Length; entry++)
            {
                var found = table.Find(keys[entry]);
                var embedding = entries.Slice((entry * Target.Width) + from, part.Width);
                embedding.Clear();
                WeightedSum.Add(embedding, 1, table, found < 0 ? part.Slot.UnknownRow : found, workspace.Width);
            }

            from += part.Width;
        }

        var kernel = new DenseKernel
        {
            Input = entries,
            InputStride = Target.Width,
            Weights = weights,
            Prior = default,
            PriorStride = 0,
            IsRelu = false,
        };
        kernel.Run(workspace.Write(hidden, (end - begin) * weights.Outputs), end - begin);
    }
}
