using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ranking.Learning;

/// <summary>
/// Products of matrices on the CPU, blocked for its caches (Goto and van de Geijn, ACM TOMS 2008): libtorch's own do not use
/// the widest vectors of every processor that has them (<c>./build.sh bench product</c> has both). Each number is one chain of
/// fused multiply-adds in ascending order, computed by one thread: the same bits with any number of threads. Not thread-safe.
/// </summary>
internal sealed unsafe class MatrixProduct(ThreadTeam threads) : IDisposable
{
    // A tile's two panels stay in the first cache, the panels that a thread packs for itself in the second.
    private const int InnerBlock = 384;
    private const int Block = 96;
    private const int FarNumbers = 3 << 20;

    private float* shared;
    private nuint capacity;

    /// <summary>Whether this machine has what the kernel needs.</summary>
    public static bool IsSupported => Vector512.IsHardwareAccelerated;

    /// <summary>The threads that it may use.</summary>
    public ThreadTeam Threads => threads;

    /// <summary>output = left · right, then + bias and the activation, for each member.</summary>
    /// <param name="left">[members, rows, inner].</param>
    /// <param name="right">[members, inner, columns].</param>
    /// <param name="output">[members, rows, columns], columns contiguous; overwritten.</param>
    /// <param name="bias">[members, columns], or null.</param>
    /// <param name="isRelu">Whether a ReLU follows.</param>
    /// <param name="sums">[members, columns] where the sums of the right side over its rows go, in their order; or null.</param>
    public void Run(MatrixView left, MatrixView right, MatrixView output, float* bias = null, bool isRelu = false, float* sums = null)
    {
        // The smaller side is packed once for all threads; each block of the other by the thread that multiplies it, in its cache.
        var sharesLeft = output.Rows < output.Columns;
        var (side, width) = sharesLeft ? (left, MicroKernel.Rows) : (right.Transposed, MicroKernel.Columns);
        var panels = Blocks(side.Rows, width);
        Reserve((nuint)output.Members * (nuint)panels * (nuint)width * (nuint)side.Columns * sizeof(float));
        var job = new Job(left, right.Transposed, output, shared, sharesLeft, panels, bias, isRelu, sums);
        threads.For(output.Members * panels, job.PackShared);
        threads.For(output.Members * job.Blocks, job.Run);
    }

    /// <inheritdoc/>
    public void Dispose() => NativeMemory.AlignedFree(shared);

    private static int Blocks(int count, int size) => (count + size - 1) / size;

    private void Reserve(nuint bytes)
    {
        if (bytes > capacity)
        {
            NativeMemory.AlignedFree(shared);
            shared = (float*)NativeMemory.AlignedAlloc(bytes, 64);
            capacity = bytes;
        }
    }

    /// <summary>One product; its blocks, of rows or of columns, are independent.</summary>
    private sealed class Job(
        MatrixView left, MatrixView columns, MatrixView output, float* shared, bool sharesLeft, int panels, float* bias, bool isRelu, float* sums)
    {
        // Parts of equal length, so that the last is no sliver.
        private readonly int inner = MatrixProduct.Blocks(left.Columns, MatrixProduct.Blocks(left.Columns, InnerBlock));

        // A line that is written past the caches need not be read first; one that is read again soon would have to be.
        private readonly bool isFar = (long)output.Members * output.Rows * output.Columns >= FarNumbers && left.Columns <= InnerBlock;

        public int Blocks => MatrixProduct.Blocks(sharesLeft ? output.Columns : output.Rows, Block);

        public void PackShared(int number)
        {
            var (side, width) = sharesLeft ? (left, MicroKernel.Rows) : (columns, MicroKernel.Columns);
            var (member, row) = (number / panels, number % panels * width);
            var panel = Shared(number, width);
            PanelPacking.Pack(side, member, row, Math.Min(side.Rows, row + width), 0, side.Columns, width, panel);
            if (!sharesLeft)
            {
                Sum(member, row, panel, side.Columns, goesOn: false);
            }
        }

        [SkipLocalsInit]
        public void Run(int block)
        {
            var (member, start) = (block / Blocks, block % Blocks * Block);
            var (row, rows) = sharesLeft ? (0, output.Rows) : (start, Math.Min(output.Rows, start + Block));
            var (column, end) = sharesLeft ? (start, Math.Min(output.Columns, start + Block)) : (0, output.Columns);
            var own = stackalloc float[Block * InnerBlock];
            for (var first = 0; first < left.Columns; first += inner)
            {
                var count = Math.Min(inner, left.Columns - first);
                Pack(member, start, first, count, own);
                for (var to = column; to < end; to += MicroKernel.Columns)
                {
                    for (var at = row; at < rows; at += MicroKernel.Rows)
                    {
                        Tile(member, at, to, first, count, Left(member, at, first, count, own, start), Right(member, to, first, count, own, start));
                    }
                }
            }
        }

        private void Pack(int member, int start, int first, int count, float* own)
        {
            var (side, width) = sharesLeft ? (columns, MicroKernel.Columns) : (left, MicroKernel.Rows);
            var end = Math.Min(side.Rows, start + Block);
            PanelPacking.Pack(side, member, start, end, first, count, width, own);
            for (var at = start; sharesLeft && at < end; at += width)
            {
                Sum(member, at, own + ((at - start) * count), count, goesOn: first > 0);
            }
        }

        // The right side's panels are in the cache when they have just been packed.
        private void Sum(int member, int column, float* panel, int count, bool goesOn)
        {
            if (sums == null)
            {
                return;
            }

            var target = new Span<float>(sums + (member * output.Columns) + column, Math.Min(MicroKernel.Columns, output.Columns - column));
            var sum = stackalloc float[MicroKernel.Columns];
            if (goesOn)
            {
                target.CopyTo(new Span<float>(sum, MicroKernel.Columns));
            }

            var (a, b) = (Vector512.Load(sum), Vector512.Load(sum + 16));
            for (var k = 0; k < count; k++, panel += MicroKernel.Columns)
            {
                (a, b) = (a + Vector512.Load(panel), b + Vector512.Load(panel + 16));
            }

            a.Store(sum);
            b.Store(sum + 16);
            new Span<float>(sum, target.Length).CopyTo(target);
        }

        private float* Shared(int panel, int width) => shared + ((nint)panel * width * left.Columns);

        private float* Left(int member, int row, int first, int count, float* own, int start) => sharesLeft
            ? Shared((member * panels) + (row / MicroKernel.Rows), MicroKernel.Rows) + (first * MicroKernel.Rows)
            : own + ((row - start) * count);

        private float* Right(int member, int column, int first, int count, float* own, int start) => sharesLeft
            ? own + ((column - start) * count)
            : Shared((member * panels) + (column / MicroKernel.Columns), MicroKernel.Columns) + (first * MicroKernel.Columns);

        [SkipLocalsInit]
        private void Tile(int member, int row, int column, int first, int inner, float* rows, float* panel)
        {
            var isLast = first + inner == left.Columns;
            var biases = isLast && bias != null ? bias + (member * output.Columns) + column : null;
            var (height, width) = (Math.Min(MicroKernel.Rows, output.Rows - row), Math.Min(MicroKernel.Columns, output.Columns - column));
            if (height == MicroKernel.Rows && width == MicroKernel.Columns)
            {
                var target = output.At(member, row, column);
                MicroKernel.Run(inner, rows, panel, target, output.RowStride, first > 0, new(biases, isLast && isRelu, isFar && ((nint)target | (output.RowStride * sizeof(float))) % 64 == 0));
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

            MicroKernel.Run(inner, rows, panel, tile, MicroKernel.Columns, first > 0, new(biases, isLast && isRelu, isFar: false));
            for (var i = 0; i < height; i++)
            {
                new Span<float>(tile + (i * MicroKernel.Columns), width).CopyTo(new Span<float>(output.At(member, row + i, column), width));
            }
        }
    }
}
