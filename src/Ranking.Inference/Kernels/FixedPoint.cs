using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ranking.Inference;

/// <summary>
/// What a request and an item each bring to one of the <see cref="Integers"/>, in 16 bits and counted in 32nds of it, to be added
/// as they are: ⌊sum / 32⌋, from 0 to 255. What is beyond ±1,024 counts as that: four times what the layer was calibrated to.
/// </summary>
internal static unsafe class FixedPoint
{
    /// <summary>How many <see cref="Sum(short*, short*, byte*)"/> adds.</summary>
    public const int Together = 32;

    /// <summary>One of the integers.</summary>
    public const float One = 1 << Shift;

    private const int Shift = 5;

    /// <summary>The nearest multiple, of two the even one; a NaN gives the largest.</summary>
    public static short Of(float x, float scale)
    {
        var value = x * scale;
        return (short)MathF.Round(MathF.Max(value < short.MaxValue ? value : short.MaxValue, short.MinValue));
    }

    /// <summary>Writes the multiples of numbers.</summary>
    public static void Store(ReadOnlySpan<float> numbers, float scale, short* target)
    {
        var from = 0;
        fixed (float* source = numbers)
        {
            for (; Avx2.IsSupported && from + (2 * Vector256<float>.Count) <= numbers.Length; from += 2 * Vector256<float>.Count)
            {
                // Packing keeps to the halves of a vector.
                var packed = Avx2.PackSignedSaturate(Of(Vector256.Load(source + from), scale), Of(Vector256.Load(source + from + Vector256<float>.Count), scale));
                Avx2.Permute4x64(packed.AsInt64(), 0b11_01_10_00).AsInt16().Store(target + from);
            }
        }

        for (; from < numbers.Length; from++)
        {
            target[from] = Of(numbers[from], scale);
        }
    }

    /// <summary>The integer of two parts.</summary>
    public static byte Sum(short first, short second) =>
        (byte)Math.Clamp(Math.Clamp(first + second, short.MinValue, short.MaxValue) >> Shift, byte.MinValue, byte.MaxValue);

    /// <summary>The integers of thirty-two times two parts, on a machine with AVX2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sum(short* first, short* second, byte* target)
    {
        var packed = Avx2.PackUnsignedSaturate(Half(first, second), Half(first + Vector256<short>.Count, second + Vector256<short>.Count));
        Avx2.Permute4x64(packed.AsInt64(), 0b11_01_10_00).AsByte().Store(target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Half(short* first, short* second) =>
        Avx2.ShiftRightArithmetic(Avx2.AddSaturate(Vector256.Load(first), Vector256.Load(second)), Shift);

    // The minimum's second operand stands for a NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Of(Vector256<float> x, float scale) => Avx.ConvertToVector256Int32(Avx.Max(
        Avx.Min(x * Vector256.Create(scale), Vector256.Create((float)short.MaxValue)), Vector256.Create((float)short.MinValue)));
}
