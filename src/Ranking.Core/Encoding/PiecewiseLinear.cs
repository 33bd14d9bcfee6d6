namespace Ranking.Core;

/// <summary>
/// The piecewise linear encoding of a number (Gorishniy et al., NeurIPS 2022, eq. 1): for each bin how much of it lies below
/// the number, from 0 to 1.
/// </summary>
/// <remarks>
/// Unlike there, the first and the last bin end at 0 and 1 too: bins are fitted once, and a number far outside of them must
/// not drown the other inputs.
/// </remarks>
public static class PiecewiseLinear
{
    /// <param name="value">The number.</param>
    /// <param name="borders">[bins + 1] ascending and distinct; fewer than 2 are no bin.</param>
    /// <param name="encoding">[bins or more] what is written; 0 beyond the bins that there are.</param>
    public static void Encode(float value, ReadOnlySpan<float> borders, Span<float> encoding)
    {
        encoding.Clear();
        for (var bin = 0; bin + 1 < borders.Length && value > borders[bin]; bin++)
        {
            var (low, high) = (borders[bin], borders[bin + 1]);
            encoding[bin] = value >= high ? 1 : (value - low) / (high - low);
        }
    }
}
