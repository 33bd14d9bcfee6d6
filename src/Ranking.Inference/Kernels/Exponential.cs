using System.Runtime.Intrinsics;

namespace Ranking.Inference;

/// <summary>exp and the logistic function by our own arithmetic: the same bits on every machine, which libm does not promise.</summary>
internal static class Exponential
{
    // Below this exp is under the smallest normal number; the result is 0, off by less than 1.2e-38.
    private const float Smallest = -87.33f;

    private const float Log2E = 1.44269504f;

    // ln 2 in two parts, the first with so few digits that n times it is exact (Cody and Waite, 1980).
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>e^x for x ≤ 0, relative error below 2e-7; a NaN stays one.</summary>
    /// <remarks>x = n · ln 2 + r, |r| ≤ ln 2 / 2; e^r by its series up to r⁷/7!, whose rest is below 6e-9; times 2ⁿ by its bits.</remarks>
    public static float OfNonPositive(float x)
    {
        if (x < Smallest)
        {
            return 0;
        }

        var n = MathF.Round(x * Log2E);
        var r = MathF.FusedMultiplyAdd(n, -Ln2Low, MathF.FusedMultiplyAdd(n, -Ln2High, x));
        var y = MathF.FusedMultiplyAdd(r, 1f / 5040, 1f / 720);
        y = MathF.FusedMultiplyAdd(y, r, 1f / 120);
        y = MathF.FusedMultiplyAdd(y, r, 1f / 24);
        y = MathF.FusedMultiplyAdd(y, r, 1f / 6);
        y = MathF.FusedMultiplyAdd(y, r, 0.5f);
        y = MathF.FusedMultiplyAdd(y, r, 1);
        y = MathF.FusedMultiplyAdd(y, r, 1);
        return float.IsNaN(x) ? x : y * BitConverter.Int32BitsToSingle(((int)n + 127) << 23);
    }

    /// <summary>Eight of them, with the bits of each.</summary>
    public static Vector256<float> OfNonPositive(Vector256<float> x)
    {
        var n = Vector256.Round(x * Log2E);
        var r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-Ln2Low), Vector256.FusedMultiplyAdd(n, Vector256.Create(-Ln2High), x));
        var y = Vector256.FusedMultiplyAdd(r, Vector256.Create(1f / 5040), Vector256.Create(1f / 720));
        y = Vector256.FusedMultiplyAdd(y, r, Vector256.Create(1f / 120));
        y = Vector256.FusedMultiplyAdd(y, r, Vector256.Create(1f / 24));
        y = Vector256.FusedMultiplyAdd(y, r, Vector256.Create(1f / 6));
        y = Vector256.FusedMultiplyAdd(y, r, Vector256.Create(0.5f));
        y = Vector256.FusedMultiplyAdd(y, r, Vector256<float>.One);
        y = Vector256.FusedMultiplyAdd(y, r, Vector256<float>.One);
        y *= ((Vector256.ConvertToInt32(n) + Vector256.Create(127)) << 23).AsSingle();
        y = Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256.Create(Smallest)), Vector256<float>.Zero, y);
        return Vector256.ConditionalSelect(Vector256.Equals(x, x), y, x);
    }

    /// <summary>1 / (1 + e^−x), relative error below 4e-7.</summary>
    public static float Sigmoid(float x)
    {
        var e = OfNonPositive(-MathF.Abs(x));
        return x < 0 ? e / (1 + e) : 1 / (1 + e);
    }
}
