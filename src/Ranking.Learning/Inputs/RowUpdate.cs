using System.Collections.Immutable;
using System.Runtime.Intrinsics.X86;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Learning;

/// <summary>
/// Row-wise Adagrad (Duchi et al., JMLR 2011, with one accumulator a row, the mean of the squares) on the rows that a
/// batch read. The occurrences are sorted by row, so that each row's gradient is one sum in the order of leaves and
/// examples, whatever the number of threads, and the cost does not depend on the size of the table.
/// </summary>
internal sealed unsafe class RowUpdate
{
    private const float Epsilon = 1e-10f;

    // Sorted by row, the gradients lie anywhere in the matrix: each would be waited for.
    private const int Ahead = 8;

    private readonly InputLayout layout;
    private readonly ImmutableArray<EmbeddingTable> tables;
    private readonly TrainingSpec training;
    private readonly ThreadTeam threads;
    private readonly Work[] works;

    public RowUpdate(InputLayout layout, ImmutableArray<EmbeddingTable> tables, TrainingSpec training, ThreadTeam threads)
    {
        (this.layout, this.tables, this.training, this.threads) = (layout, tables, training, threads);
        works = [.. tables.Select(table => new Work(new float[table.Rows.Dimension]))];
    }

    /// <param name="batch">The encoded examples.</param>
    /// <param name="rows">The rows that they read.</param>
    /// <param name="gradient">[examples, layout width] of the loss by the input matrix.</param>
    /// <param name="entries">For each sequence [entries, width] of the loss by its entries.</param>
    /// <param name="now">The batch's event time, Unix seconds.</param>
    /// <param name="scale">What the declared step size is multiplied by.</param>
    public void Apply(EncodedBatch batch, BatchRows rows, float* gradient, nint[] entries, uint now, float scale) =>
        threads.For(tables.Length, table =>
        {
            Collect(batch, rows, gradient, entries, table);
            Apply(works[table], tables[table], now, scale);
        });

    private void Collect(EncodedBatch batch, BatchRows rows, float* gradient, nint[] entries, int table)
    {
        var work = works[table];
        work.Count = 0;
        for (var i = 0; i < layout.Leaves.Length; i++)
        {
            var leaf = layout.Leaves[i];
            if (leaf.Table != table)
            {
                continue;
            }

            var column = BatchRows.Column(batch, leaf);
            var offsets = column.Offsets;
            var weights = column.Weights;
            var ids = rows.Of(i);
            work.Reserve(column.Keys.Length);
            for (var example = 0; example < column.Rows; example++)
            {
                var source = gradient + ((nint)example * layout.Width) + leaf.Column;
                for (var at = offsets[example]; at < offsets[example + 1]; at++)
                {
                    if (leaf.Sequence >= 0)
                    {
                        source = (float*)entries[leaf.Sequence] + ((nint)at * layout.Sequences[leaf.Sequence].Width) + leaf.Column;
                    }

                    work.Sources[work.Count] = ((nint)source, weights[at]);
                    work.Order[work.Count] = ((ulong)ids[at] << 32) | (uint)work.Count;
                    work.Count++;
                }
            }
        }

        work.Sort(tables[table].Rows.Used);
    }

    private void Apply(Work work, EmbeddingTable of, uint now, float scale)
    {
        var table = of.Rows;
        for (var at = 0; at < work.Count;)
        {
            var (first, row) = (at, (int)(work.Order[at] >> 32));
            Array.Clear(work.Sum);
            for (; at < work.Count && (int)(work.Order[at] >> 32) == row; at++)
            {
                if (Sse.IsSupported && at + Ahead < work.Count)
                {
                    Sse.Prefetch0((void*)work.Sources[(uint)work.Order[at + Ahead]].Gradient);
                    Sse.Prefetch0(table.Head((int)(work.Order[at + Ahead] >> 32)));
                }

                var (source, weight) = work.Sources[(uint)work.Order[at]];
                RowArithmetic.AddScaled(work.Sum, new ReadOnlySpan<float>((float*)source, work.Sum.Length), weight);
            }

            var values = table.Values(row);
            var decay = training.EmbeddingDecay;
            if (of.Spec.FrequencyDecay > 0)
            {
                ref var reads = ref table.ReadsOf(row);
                reads += at - first;
                decay += of.Spec.FrequencyDecay / reads;
            }

            if (decay > 0)
            {
                RowArithmetic.AddScaled(work.Sum, values, decay);
            }

            var head = table.Head(row);
            head->LastSeen = now;
            head->Sum += RowArithmetic.Dot(work.Sum, work.Sum) / work.Sum.Length;
            RowArithmetic.AddScaled(values, work.Sum, -scale * training.EmbeddingLearningRate / (MathF.Sqrt(head->Sum) + Epsilon));
        }
    }

    private sealed class Work(float[] sum)
    {
        private const int RadixBits = 11;
        private const int Radix = 1 << RadixBits;

        public int Count;
        public ulong[] Order = [];
        private ulong[] sorted = [];
        private readonly int[] starts = new int[Radix + 1];
        public (nint Gradient, float Weight)[] Sources = [];

        public float[] Sum { get; } = sum;

        public void Reserve(int more)
        {
            if (Order.Length < Count + more)
            {
                Array.Resize(ref Order, (Count + more) * 2);
                Array.Resize(ref Sources, (Count + more) * 2);
                sorted = new ulong[Order.Length];
            }
        }

        /// <summary>By row, and within a row as they were: digit by digit, of which a table's rows have one or two.</summary>
        public void Sort(int rows)
        {
            for (var shift = 0; rows >> shift > 0; shift += RadixBits)
            {
                Array.Clear(starts);
                foreach (var entry in Order.AsSpan(0, Count))
                {
                    starts[Digit(entry, shift) + 1]++;
                }

                for (var digit = 1; digit < Radix; digit++)
                {
                    starts[digit] += starts[digit - 1];
                }

                foreach (var entry in Order.AsSpan(0, Count))
                {
                    sorted[starts[Digit(entry, shift)]++] = entry;
                }

                (Order, sorted) = (sorted, Order);
            }
        }

        private static int Digit(ulong entry, int shift) => (int)(entry >> (32 + shift)) & (Radix - 1);
    }
}
