using System.Numerics;
using System.Runtime.InteropServices;

namespace Ranking.Learning;

/// <summary>Adam's arithmetic on the CPU in one pass over the weights: libtorch's operations take nine.</summary>
/// <param name="Rate">The step size with both corrections.</param>
/// <param name="Epsilon">What is added to the root of the second moment.</param>
/// <param name="GradientDecay">What share of a weight joins its gradient.</param>
/// <param name="Kept">What share of a weight the step starts from.</param>
internal readonly record struct AdamKernel(float Rate, float Epsilon, float GradientDecay, float Kept)
{
    public const float Beta1 = 0.9f;
    public const float Beta2 = 0.999f;

    /// <summary>Moves the weights and their moments, all of one length.</summary>
    public void Run(Span<float> values, Span<float> first, Span<float> second, ReadOnlySpan<float> gradients)
    {
        var vectors = values.Length / Vector<float>.Count;
        var v = MemoryMarshal.Cast<float, Vector<float>>(values);
        var m = MemoryMarshal.Cast<float, Vector<float>>(first);
        var s = MemoryMarshal.Cast<float, Vector<float>>(second);
        var g = MemoryMarshal.Cast<float, Vector<float>>(gradients);
        for (var i = 0; i < vectors; i++)
        {
            var gradient = g[i] + (v[i] * GradientDecay);
            m[i] = (m[i] * Beta1) + (gradient * (1 - Beta1));
            s[i] = (s[i] * Beta2) + (gradient * gradient * (1 - Beta2));
            v[i] = (v[i] * Kept) - (m[i] * Rate / (Vector.SquareRoot(s[i]) + new Vector<float>(Epsilon)));
        }

        for (var i = vectors * Vector<float>.Count; i < values.Length; i++)
        {
            var gradient = gradients[i] + (values[i] * GradientDecay);
            first[i] = (first[i] * Beta1) + (gradient * (1 - Beta1));
            second[i] = (second[i] * Beta2) + (gradient * gradient * (1 - Beta2));
            values[i] = (values[i] * Kept) - (first[i] * Rate / (MathF.Sqrt(second[i]) + Epsilon));
        }
    }
}
