using System.Numerics;
using System.Runtime.InteropServices;

namespace Ranking.Learning;

/// <summary>Sums over the numbers of a row, in a fixed order.</summary>
internal static class RowArithmetic
{
    /// <summary>target += scale · values.</summary>
    public static void AddScaled(Span<float> target, ReadOnlySpan<float> values, float scale)
    {
        var targets = MemoryMarshal.Cast<float, Vector<float>>(target);
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        for (var i = 0; i < targets.Length; i++)
        {
            targets[i] += vectors[i] * scale;
        }

        for (var i = targets.Length * Vector<float>.Count; i < target.Length; i++)
        {
            target[i] += values[i] * scale;
        }
    }

    /// <summary>Σ left · right.</summary>
    public static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var lefts = MemoryMarshal.Cast<float, Vector<float>>(left);
        var rights = MemoryMarshal.Cast<float, Vector<float>>(right);
        var sums = Vector<float>.Zero;
        for (var i = 0; i < lefts.Length; i++)
        {
            sums += lefts[i] * rights[i];
        }

        var sum = Vector.Sum(sums);
        for (var i = lefts.Length * Vector<float>.Count; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }
}
