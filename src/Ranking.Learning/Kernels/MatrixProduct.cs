using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ranking.Learning;

/// <summary>
/// Products of matrices on the CPU, blocked for its caches (Goto and van de Geijn, ACM TOMS 2008): libtorch's own take
/// twice as long where it does not know the processor's widest vectors. Each number is one chain of fused multiply-adds in
/// ascending order, computed by one thread: the same bits with any number of threads. Not thread-safe.
/// </summary>
internal sealed unsafe class MatrixProduct(ParallelOptions parallel) : IDisposable
{
    // A tile's two panels stay in the first cache, a block of the left side in the second.
    private const int InnerBlock = 384;
    private const int RowBlock = 8 * MicroKernel.Rows;
    private const int ColumnBlock = 16 * MicroKernel.Columns;

    private float* right;
    private nuint capacity;

    /// <summary>Whether this machine has what the kernel needs.</summary>
    public static bool IsSupported => Vector512.IsHardwareAccelerated;

    /// <summary>The threads that it may use.</summary>
    public ParallelOptions Threads => parallel;

    /// <summary>output = left · right, then + bias and the activation, for each member.</summary>
    /// <param name="left">[members, rows, inner].</param>
    /// <param name="right">[members, inner, columns].</param>
    /// <param name="output">[members, rows, columns], columns contiguous; overwritten.</param>
    /// <param name="bias">[members, columns], or null.</param>
    /// <param name="isRelu">Whether a ReLU follows.</param>
    public void Run(MatrixView left, MatrixView right, MatrixView output, float* bias = null, bool isRelu = false)
    {
        var panels = Blocks(output.Columns, MicroKernel.Columns);
        var inner = Even(left.Columns, InnerBlock);
        Reserve(output.Members, panels, inner);
        var job = new Job(left, output, this.right, bias, isRelu, panels);
        for (var from = 0; from < left.Columns; from += inner)
        {
            var (first, count) = (from, Math.Min(inner, left.Columns - from));
            var columns = right.Transposed;
            Parallel.For(0, output.Members * panels, parallel, panel => PanelPacking.Pack(
                columns, panel / panels, panel % panels * MicroKernel.Columns, first, count, MicroKernel.Columns, job.Panel(panel, count)));
            Parallel.For(0, output.Members * job.RowBlocks * job.ColumnBlocks, parallel, block => job.Run(block, first, count));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => NativeMemory.AlignedFree(right);

    private static int Blocks(int count, int size) => (count + size - 1) / size;

    // Blocks of equal size, so that the last is no sliver.
    private static int Even(int count, int most) => Blocks(count, Blocks(count, most));

    private void Reserve(int members, int panels, int inner)
    {
        var bytes = (nuint)members * (nuint)(panels * MicroKernel.Columns * inner * sizeof(float));
        if (bytes > capacity)
        {
            NativeMemory.AlignedFree(right);
            right = (float*)NativeMemory.AlignedAlloc(bytes, 64);
            capacity = bytes;
        }
    }

    /// <summary>One product; its blocks of rows and columns are independent.</summary>
    private readonly struct Job(MatrixView left, MatrixView output, float* right, float* bias, bool isRelu, int panels)
    {
        public int RowBlocks => Blocks(output.Rows, RowBlock);

        public int ColumnBlocks => Blocks(output.Columns, ColumnBlock);

        public float* Panel(int panel, int inner) => right + ((nint)panel * MicroKernel.Columns * inner);

        [SkipLocalsInit]
        public void Run(int block, int first, int inner)
        {
            var member = block / (RowBlocks * ColumnBlocks);
            var row = block / ColumnBlocks % RowBlocks * RowBlock;
            var column = block % ColumnBlocks * ColumnBlock;
            var (lastRow, lastColumn) = (Math.Min(output.Rows, row + RowBlock), Math.Min(output.Columns, column + ColumnBlock));
            var rows = stackalloc float[RowBlock * InnerBlock];
            for (var at = row; at < lastRow; at += MicroKernel.Rows)
            {
                PanelPacking.Pack(left, member, at, first, inner, MicroKernel.Rows, rows + ((at - row) * inner));
            }

            for (; column < lastColumn; column += MicroKernel.Columns)
            {
                var panel = Panel((member * panels) + (column / MicroKernel.Columns), inner);
                for (var at = row; at < lastRow; at += MicroKernel.Rows)
                {
                    Tile(member, at, column, first, inner, rows + ((at - row) * inner), panel);
                }
            }
        }

        [SkipLocalsInit]
        private void Tile(int member, int row, int column, int first, int inner, float* rows, float* panel)
        {
            var isLast = first + inner == left.Columns;
            var biases = isLast && bias != null ? bias + (member * output.Columns) + column : null;
            var (height, width) = (Math.Min(MicroKernel.Rows, output.Rows - row), Math.Min(MicroKernel.Columns, output.Columns - column));
            if (height == MicroKernel.Rows && width == MicroKernel.Columns)
            {
                MicroKernel.Run(inner, rows, panel, output.At(member, row, column), output.RowStride, first > 0, new(biases, isLast && isRelu));
                return;
            }

            // At the borders a whole tile is computed beside the output.
            var tile = stackalloc float[(MicroKernel.Rows + 1) * MicroKernel.Columns];
            var padded = tile + (MicroKernel.Rows * MicroKernel.Columns);
            for (var i = 0; i < height; i++)
            {
                new Span<float>(output.At(member, row + i, column), width).CopyTo(new Span<float>(tile + (i * MicroKernel.Columns), width));
            }

            if (biases != null)
            {
                new Span<float>(biases, width).CopyTo(new Span<float>(padded, width));
                biases = padded;
            }

            MicroKernel.Run(inner, rows, panel, tile, MicroKernel.Columns, first > 0, new(biases, isLast && isRelu));
            for (var i = 0; i < height; i++)
            {
                new Span<float>(tile + (i * MicroKernel.Columns), width).CopyTo(new Span<float>(output.At(member, row + i, column), width));
            }
        }
    }
}
