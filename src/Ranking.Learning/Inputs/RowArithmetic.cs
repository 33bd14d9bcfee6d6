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

    /// <summary>Σ values².</summary>
    public static float SumOfSquares(ReadOnlySpan<float> values)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        var sums = Vector<float>.Zero;
        foreach (var vector in vectors)
        {
            sums += vector * vector;
        }

        var sum = Vector.Sum(sums);
        for (var i = vectors.Length * Vector<float>.Count; i < values.Length; i++)
        {
            sum += values[i] * values[i];
        }

        return sum;
    }
}
