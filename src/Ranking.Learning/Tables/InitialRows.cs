using System.IO.Hashing;
using System.Text;

namespace Ranking.Learning;

/// <summary>
/// Initial numbers by counter (SplitMix64, Steele et al., OOPSLA 2014; Box and Muller, 1958): a function of seed, name,
/// key and position alone, so that the order in which ids arrive does not matter and there is no state to keep.
/// </summary>
internal readonly struct InitialRows(ulong seed, string name)
{
    private readonly ulong stream = Mix(seed ^ XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(name)));

    /// <summary>Fills with normal numbers of mean 0.</summary>
    public void Normal(ulong key, float deviation, Span<float> values)
    {
        var start = Mix(stream ^ key);
        for (var i = 0; i < values.Length; i += 2)
        {
            var radius = deviation * Math.Sqrt(-2 * Math.Log(1 - Uniform(start, i)));
            var (sin, cos) = Math.SinCos(2 * Math.PI * Uniform(start, i + 1));
            values[i] = (float)(radius * cos);
            if (i + 1 < values.Length)
            {
                values[i + 1] = (float)(radius * sin);
            }
        }
    }

    /// <summary>A number in [−limit, limit).</summary>
    public float Uniform(int position, float limit) => (float)(limit * ((2 * Uniform(stream, position)) - 1));

    /// <summary>SplitMix64's finaliser.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    private static double Uniform(ulong start, int counter) =>
        (Mix(start + ((ulong)(counter + 1) * 0x9E3779B97F4A7C15)) >> 11) * (1.0 / (1UL << 53));
}
