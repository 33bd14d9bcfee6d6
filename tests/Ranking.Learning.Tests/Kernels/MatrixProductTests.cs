using System.Runtime.InteropServices;
using CsCheck;

namespace Ranking.Learning.Tests;

public sealed unsafe class MatrixProductTests
{
    private static readonly ThreadTeam two = new(2);

    // Sizes about the borders of tiles (12, 32) and blocks (96, 384, 512).
    private static readonly Gen<(int Members, int Rows, int Inner, int Columns, int Seed)> shapes = Gen.Select(
        Gen.Int[1, 3], Gen.OneOf(Gen.Int[1, 30], Gen.Int[90, 110]), Gen.OneOf(Gen.Int[1, 20], Gen.Int[380, 400]), Gen.OneOf(Gen.Int[1, 40], Gen.Int[500, 530]), Gen.Int[0, 1000]);

    [Fact]
    public void Run_OnAnyShape_IsTheSumOfProducts() => shapes.Sample(
        shape =>
        {
            Assert.SkipUnless(MatrixProduct.IsSupported, "this processor has no AVX-512: libtorch multiplies.");
            var numbers = new Numbers(shape);
            foreach (var (left, right) in numbers.Layouts())
            {
                var output = numbers.Product(left, right, two, isRelu: false);
                for (var i = 0; i < output.Length; i++)
                {
                    var (member, row, column) = numbers.Place(i);
                    double expected = numbers.Bias[(member * shape.Columns) + column];
                    var size = 1.0;
                    for (var k = 0; k < shape.Inner; k++)
                    {
                        var term = (double)*left.At(member, row, k) * *right.At(member, k, column);
                        expected += term;
                        size += Math.Abs(term);
                    }

                    Assert.Equal(expected, output[i], size * 1e-6);
                }
            }
        },
        iter: 30,
        threads: 1);

    [Fact]
    public void Run_OnAnyThreadsAndLayout_GivesTheSameBits() => shapes.Sample(
        shape =>
        {
            Assert.SkipUnless(MatrixProduct.IsSupported, "this processor has no AVX-512: libtorch multiplies.");
            var numbers = new Numbers(shape);
            var results = numbers.Layouts().SelectMany(layout => new[] { 1, 2, 5 }.Select(threads =>
            {
                using var team = new ThreadTeam(threads);
                return numbers.Product(layout.Left, layout.Right, team, isRelu: true);
            })).ToList();
            Assert.All(results, result => Assert.Equal(results[0], result));
        },
        iter: 30,
        threads: 1);

    [Fact]
    public void Run_MaskedRightSide_CountsAsZeroWhereTheMaskIsNotPositiveInProductAndSums() => shapes.Sample(
        shape =>
        {
            Assert.SkipUnless(MatrixProduct.IsSupported, "this processor has no AVX-512: libtorch multiplies.");
            var numbers = new Numbers(shape);
            var (left, right) = numbers.Layouts().First();
            var mask = numbers.Mask(right);
            var masked = numbers.Zeroed(right, mask);
            var (byMask, byCopy) = (new float[shape.Members * shape.Columns], new float[shape.Members * shape.Columns]);
            var expected = numbers.Product(left, masked, two, isRelu: false, byCopy);
            Assert.Equal(expected, numbers.Product(left, right.WhereAboveZero(mask), two, isRelu: false, byMask));
            Assert.Equal(byCopy, byMask);
            for (var i = 0; i < byMask.Length; i++)
            {
                var (member, column) = (i / shape.Columns, i % shape.Columns);
                var sum = Enumerable.Range(0, shape.Inner).Select(k => (double)*masked.At(member, k, column)).Sum();
                Assert.Equal(sum, byMask[i], 1e-4);
            }
        },
        iter: 30,
        threads: 1);

    [Fact]
    public void Run_WithRelu_KeepsNaNAndDropsNegatives()
    {
        Assert.SkipUnless(MatrixProduct.IsSupported, "this processor has no AVX-512: libtorch multiplies.");
        var numbers = new Numbers((1, 13, 2, 33, 1));
        var (left, right) = numbers.Layouts().First();
        *left.At(0, 12, 0) = float.NaN;
        var linear = numbers.Product(left, right, two, isRelu: false);
        var relu = numbers.Product(left, right, two, isRelu: true);
        Assert.Contains(linear, value => value < 0);
        Assert.Equal(linear.Select(value => value < 0 ? 0 : value), relu);
        Assert.All(relu[^33..], value => Assert.True(float.IsNaN(value)));
    }

    /// <summary>Two sides and a bias at random, in pinned arrays, each side as it is and as the transpose of its copy.</summary>
    private sealed class Numbers
    {
        private readonly (int Members, int Rows, int Inner, int Columns, int Seed) shape;
        private readonly Random random;
        private readonly List<float[]> kept = [];

        public Numbers((int Members, int Rows, int Inner, int Columns, int Seed) shape)
        {
            (this.shape, random) = (shape, new Random(shape.Seed));
            Bias = Draw(shape.Members * shape.Columns);
        }

        public float[] Bias { get; }

        public IEnumerable<(MatrixView Left, MatrixView Right)> Layouts()
        {
            var left = View(Draw(shape.Members * shape.Rows * shape.Inner), shape.Rows, shape.Inner);
            var right = View(Draw(shape.Members * shape.Inner * shape.Columns), shape.Inner, shape.Columns);
            return [(left, right), (Copy(left.Transposed).Transposed, right), (left, Copy(right.Transposed).Transposed)];
        }

        public MatrixView Mask(MatrixView of) => View(Draw(of.Members * of.Rows * of.Columns), of.Rows, of.Columns);

        public MatrixView Zeroed(MatrixView source, MatrixView mask)
        {
            var copy = Copy(source);
            for (var i = 0; i < source.Members * source.Rows * source.Columns; i++)
            {
                if (((float*)mask.Numbers)[i] <= 0)
                {
                    ((float*)copy.Numbers)[i] = 0;
                }
            }

            return copy;
        }

        public float[] Product(MatrixView left, MatrixView right, ThreadTeam threads, bool isRelu, float[]? sums = null)
        {
            var output = GC.AllocateArray<float>(shape.Members * shape.Rows * shape.Columns, pinned: true);
            using var product = new MatrixProduct(threads);
            fixed (float* bias = Bias, sum = sums)
            {
                product.Run(left, right, View(output, shape.Rows, shape.Columns), bias, isRelu, sum);
            }

            return output;
        }

        public (int Member, int Row, int Column) Place(int i) => (i / shape.Columns / shape.Rows, i / shape.Columns % shape.Rows, i % shape.Columns);

        private MatrixView Copy(MatrixView source)
        {
            var copy = View(GC.AllocateArray<float>(source.Members * source.Rows * source.Columns, pinned: true), source.Rows, source.Columns);
            for (var member = 0; member < source.Members; member++)
            {
                for (var row = 0; row < source.Rows; row++)
                {
                    for (var column = 0; column < source.Columns; column++)
                    {
                        *copy.At(member, row, column) = *source.At(member, row, column);
                    }
                }
            }

            return copy;
        }

        private float[] Draw(int count)
        {
            var numbers = GC.AllocateArray<float>(count, pinned: true);
            for (var i = 0; i < count; i++)
            {
                numbers[i] = (float)(random.NextDouble() - 0.5);
            }

            return numbers;
        }

        private MatrixView View(float[] numbers, int rows, int columns)
        {
            kept.Add(numbers);
            return new(Marshal.UnsafeAddrOfPinnedArrayElement(numbers, 0), shape.Members, rows, columns, rows * columns, columns, 1);
        }
    }
}
