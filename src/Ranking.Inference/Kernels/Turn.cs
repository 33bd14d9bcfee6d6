using Ranking.Models;

namespace Ranking.Inference;

/// <summary>Sine and cosine of turns by our own arithmetic: the same bits on every machine, which libm does not promise.</summary>
internal static class Turn
{
    /// <summary>sin 2πx and cos 2πx, absolute error below 2e-7; x beyond <see cref="PeriodicNode.Farthest"/> counts as that, a NaN stays one.</summary>
    /// <remarks>
    /// x = n / 4 + r, |r| ≤ 1/8, without rounding; both series of a = 2πr, up to a⁹/9! and a¹⁰/10!, whose rests are below 2e-9;
    /// n says which is which, and the signs.
    /// </remarks>
    public static (float Sin, float Cos) SinCos(float x)
    {
        x = Math.Clamp(x, -PeriodicNode.Farthest, PeriodicNode.Farthest);
        var n = MathF.Round(4 * x);
        var a = MathF.FusedMultiplyAdd(n, -0.25f, x) * (2 * MathF.PI);
        var square = a * a;
        var sin = MathF.FusedMultiplyAdd(square, 1f / 362_880, -1f / 5040);
        sin = MathF.FusedMultiplyAdd(sin, square, 1f / 120);
        sin = MathF.FusedMultiplyAdd(sin, square, -1f / 6);
        sin = MathF.FusedMultiplyAdd(sin * square, a, a);
        var cos = MathF.FusedMultiplyAdd(square, -1f / 3_628_800, 1f / 40_320);
        cos = MathF.FusedMultiplyAdd(cos, square, -1f / 720);
        cos = MathF.FusedMultiplyAdd(cos, square, 1f / 24);
        cos = MathF.FusedMultiplyAdd(cos, square, -0.5f);
        cos = MathF.FusedMultiplyAdd(cos, square, 1);
        return ((int)n & 3) switch
        {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        };
    }
}
