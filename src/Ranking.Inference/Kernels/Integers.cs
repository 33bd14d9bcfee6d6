using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ranking.Inference;

/// <summary>
/// Numbers as the integers 0 to 255 that a quantised layer reads: ⌊min(x · scale + ½, 255)⌋, rounded once before that; what
/// is below 0 is 0, as after a ReLU.
/// </summary>
internal static unsafe class Integers
{
    /// <summary>How many <see cref="Store"/> writes.</summary>
    public const int Together = 32;

    private const float Largest = 255;

    /// <summary>One of them; a NaN gives the largest.</summary>
    public static byte Of(float x, float scale)
    {
        var value = MathF.FusedMultiplyAdd(x, scale, 0.5f);
        return (byte)MathF.Max(value < Largest ? value : Largest, 0);
    }

    /// <summary>Thirty-two of them, on a machine with AVX2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* target, Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d, float scale)
    {
        // Packing keeps to the halves of a vector: by fours the bytes are a, b, c, d of the first, then of the second.
        var packed = Avx2.PackUnsignedSaturate(Avx2.PackSignedSaturate(Of(a, scale), Of(b, scale)), Avx2.PackSignedSaturate(Of(c, scale), Of(d, scale)));
        Avx2.PermuteVar8x32(packed.AsInt32(), Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7)).AsByte().Store(target);
    }

    // The minimum's second operand stands for a NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Of(Vector256<float> x, float scale) => Avx.ConvertToVector256Int32WithTruncation(
        Avx.Min(Vector256.FusedMultiplyAdd(x, Vector256.Create(scale), Vector256.Create(0.5f)), Vector256.Create(Largest)));
}
