using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Ranking.Core;

/// <summary>How a number becomes an input of the model.</summary>
public enum TransformKind : byte
{
    /// <summary>As it is.</summary>
    None = 0,

    /// <summary>sign(x) · log(1 + |x|), then standardised.</summary>
    Log1p = 1,

    /// <summary>(x − mean) / standard deviation.</summary>
    Standard = 2,

    /// <summary>The value's rank among fitted quantiles, scaled to [−1, 1].</summary>
    Quantile = 3,
}

/// <summary>What a numeric feature's missing value becomes.</summary>
public enum MissingRule : byte
{
    /// <summary>0 after the transform: the mean of a standardised feature.</summary>
    Zero = 0,

    /// <summary>0, and a second input column that is 1 where the value is missing.</summary>
    Indicator = 1,
}

/// <summary>A transform with what was fitted for it, as the artifact stores it.</summary>
/// <param name="FeatureId">The feature that it belongs to.</param>
/// <param name="Kind">The transform.</param>
/// <param name="Parameters">
/// Standard and Log1p: mean and standard deviation (of the logarithm). Quantile: ascending, distinct boundaries.
/// Empty for None.
/// </param>
public sealed record NumericTransform(int FeatureId, TransformKind Kind, ImmutableArray<double> Parameters)
{
    /// <summary>The borders of the bins of a piecewise <see cref="Feature.Embedding"/>, of transformed values: ascending, distinct. Else null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<float>? Bins { get; init; }

    /// <summary>Maps a present value to the model's input.</summary>
    public float Apply(double value) => Kind switch
    {
        TransformKind.None => (float)value,
        TransformKind.Standard => (float)((value - Parameters[0]) / Parameters[1]),
        TransformKind.Log1p => (float)((SignedLog(value) - Parameters[0]) / Parameters[1]),
        _ => Rank(value),
    };

    /// <summary>sign(x) · log(1 + |x|).</summary>
    public static double SignedLog(double value) => Math.CopySign(Math.Log(1 + Math.Abs(value)), value);

    private float Rank(double value)
    {
        var boundaries = Parameters.AsSpan();
        if (boundaries.Length < 2 || value <= boundaries[0])
        {
            return -1;
        }

        if (value >= boundaries[^1])
        {
            return 1;
        }

        var above = boundaries.BinarySearch(value);
        above = above < 0 ? ~above : above;
        var low = boundaries[above - 1];
        var position = above - 1 + ((value - low) / (boundaries[above] - low));
        return (float)((2 * position / (boundaries.Length - 1)) - 1);
    }
}
