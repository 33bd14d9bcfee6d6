using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Learning;

/// <summary>Writes the input matrix, pooled embeddings and numbers side by side, and the matrices of entries.</summary>
internal sealed unsafe class InputGather(
    InputLayout layout, ImmutableArray<EmbeddingTable> tables, ImmutableArray<NumericTransform> transforms, ThreadTeam threads)
{
    private const int BlockRows = 128;

    // [leaves] the borders of a piecewise number's bins; null where the number itself is the input.
    private readonly float[]?[] bins = [.. layout.Leaves.Select(leaf => leaf.IsPiecewise
        ? transforms.First(transform => transform.FeatureId == leaf.Feature.Id).Bins!.Value.ToArray()
        : null)];

    /// <param name="batch">The encoded examples.</param>
    /// <param name="rows">The rows of their ids.</param>
    /// <param name="matrix">[examples, layout width], row-major.</param>
    /// <param name="examples">How many.</param>
    public void Write(EncodedBatch batch, BatchRows rows, float* matrix, int examples) =>
        threads.For((examples + BlockRows - 1) / BlockRows, block =>
        {
            var first = block * BlockRows;
            var end = Math.Min(examples, first + BlockRows);
            for (var leaf = 0; leaf < layout.Leaves.Length; leaf++)
            {
                if (layout.Leaves[leaf].Table < 0)
                {
                    WriteNumbers(batch, leaf, matrix, first, end);
                }
                else if (layout.Leaves[leaf].Sequence < 0)
                {
                    WriteEmbeddings(batch, leaf, rows.Of(leaf), matrix, first, end);
                }
            }
        });

    /// <param name="batch">The encoded examples.</param>
    /// <param name="rows">The rows of their ids.</param>
    /// <param name="sequence">Which matrix of entries.</param>
    /// <param name="matrix">[entries, width], row-major.</param>
    public void WriteEntries(EncodedBatch batch, BatchRows rows, int sequence, float* matrix)
    {
        var width = layout.Sequences[sequence].Width;
        var count = BatchRows.Column(batch, layout.Sequences[sequence].First).Keys.Length;
        threads.For((count + BlockRows - 1) / BlockRows, block =>
        {
            for (var index = 0; index < layout.Leaves.Length; index++)
            {
                var leaf = layout.Leaves[index];
                for (var at = block * BlockRows; leaf.Sequence == sequence && at < Math.Min(count, (block + 1) * BlockRows); at++)
                {
                    tables[leaf.Table].Rows.Values(rows.Of(index)[at]).CopyTo(new Span<float>(matrix + ((nint)at * width) + leaf.Column, leaf.Width));
                }
            }
        });
    }

    private void WriteNumbers(EncodedBatch batch, int leafIndex, float* matrix, int first, int end)
    {
        var leaf = layout.Leaves[leafIndex];
        var column = BatchRows.Column(batch, leaf);
        for (var example = first; example < end; example++)
        {
            var target = new Span<float>(matrix + ((nint)example * layout.Width) + leaf.Column, leaf.Width);
            if (leaf.Feature.Missing == MissingRule.Indicator)
            {
                target[^1] = column.Missing[example];
                target = target[..^1];
            }

            if (bins[leafIndex] is { } borders)
            {
                PiecewiseLinear.Encode(column.Values[example], borders, target);
            }
            else
            {
                target[0] = column.Values[example];
            }
        }
    }

    private void WriteEmbeddings(EncodedBatch batch, int leafIndex, ReadOnlySpan<int> rows, float* matrix, int first, int end)
    {
        var leaf = layout.Leaves[leafIndex];
        var table = tables[leaf.Table].Rows;
        var column = BatchRows.Column(batch, leaf);
        var offsets = column.Offsets;
        var weights = column.Weights;
        for (var example = first; example < end; example++)
        {
            var target = new Span<float>(matrix + ((nint)example * layout.Width) + leaf.Column, leaf.Width);
            if (!leaf.Feature.IsList)
            {
                table.Values(rows[offsets[example]]).CopyTo(target);
                continue;
            }

            target.Clear();
            for (var at = offsets[example]; at < offsets[example + 1]; at++)
            {
                RowArithmetic.AddScaled(target, table.Values(rows[at]), weights[at]);
            }
        }
    }
}
