using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ranking.Inference;

/// <summary>
/// Numbers in 16 bits (IEEE 754 binary16), rounded to the nearest, by our own arithmetic, for .NET has no vectors of them:
/// what is below its normal numbers in size counts as 0, what is beyond its largest as that.
/// </summary>
internal static unsafe class Halves
{
    /// <summary>How far left a half's bits stand in a number's, once its sign is copied to what is above them.</summary>
    public const int Shift = 13;

    /// <summary>The bits that are the half's own then.</summary>
    public const int Bits = unchecked((int)0x8FFFE000);

    /// <summary>2^112: what the exponents' zeros are apart.</summary>
    public const float Scale = 5.192297e33f;

    private const float Smallest = 6.1035156e-5f;
    private const float Largest = 65504;
    private const uint SizeBits = 0x7FFFFFFF;
    private const uint Apart = 112u << 23;
    private const uint AlmostHalf = (1 << (Shift - 1)) - 1;

    /// <summary>The number of a half.</summary>
    public static float Of(ushort half) => BitConverter.Int32BitsToSingle(((short)half << Shift) & Bits) * Scale;

    /// <summary>The numbers of eight halves, added to others, on a machine with AVX2: the product with a power of 2 is exact, so that the sum is rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> AddTo(Vector256<float> sum, ushort* source) => Vector256.FusedMultiplyAdd(
        ((Avx2.ConvertToVector256Int32((short*)source) << Shift) & Vector256.Create(Bits)).AsSingle(), Vector256.Create(Scale), sum);

    /// <summary>The same of sixteen, on a machine with AVX-512.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> AddTo(Vector512<float> sum, ushort* source) => Vector512.FusedMultiplyAdd(
        ((Avx512F.ConvertToVector512Int32(Vector256.Load((short*)source)) << Shift) & Vector512.Create(Bits)).AsSingle(), Vector512.Create(Scale), sum);

    /// <summary>Writes numbers as halves.</summary>
    public static void Store(ReadOnlySpan<float> numbers, ushort* target)
    {
        var from = 0;
        fixed (float* source = numbers)
        {
            for (; Vector256.IsHardwareAccelerated && from + (2 * Vector256<float>.Count) <= numbers.Length; from += 2 * Vector256<float>.Count)
            {
                Vector256.Narrow(Of(Vector256.Load(source + from)), Of(Vector256.Load(source + from + Vector256<float>.Count))).Store(target + from);
            }
        }

        for (; from < numbers.Length; from++)
        {
            target[from] = (ushort)Of(Vector256.CreateScalar(numbers[from])).ToScalar();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Of(Vector256<float> numbers)
    {
        var size = Vector256.ConditionalSelect(
            Vector256.LessThan(Vector256.Abs(numbers), Vector256.Create(Largest)), Vector256.Abs(numbers), Vector256.Create(Largest)).AsUInt32();
        // Halfway goes to the even one.
        var rounded = (size - Vector256.Create(Apart) + Vector256.Create(AlmostHalf) + ((size >> Shift) & Vector256<uint>.One)) >> Shift;
        var isNone = Vector256.LessThan(Vector256.Abs(numbers), Vector256.Create(Smallest)).AsUInt32();
        return Vector256.AndNot(rounded, isNone) | ((numbers.AsUInt32() & ~Vector256.Create(SizeBits)) >> 16);
    }
}
