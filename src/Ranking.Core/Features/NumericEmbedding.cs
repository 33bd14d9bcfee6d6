namespace Ranking.Core;

/// <summary>How a number becomes a vector.</summary>
public enum NumericEmbeddingKind : byte
{
    /// <summary>How far it is through each of a row of fitted bins.</summary>
    Piecewise = 0,

    /// <summary>Sines and cosines of learned frequencies.</summary>
    Periodic = 1,
}

/// <summary>
/// The vector that a numeric feature's transformed value becomes (Gorishniy et al., On Embeddings for Numerical Features in
/// Tabular Deep Learning, NeurIPS 2022).
/// </summary>
public sealed record NumericEmbedding
{
    /// <summary>How it is made.</summary>
    public required NumericEmbeddingKind Kind { get; init; }

    /// <summary>Piecewise: how many bins there are at most, 1 to 256; they are fitted between quantiles.</summary>
    public int Bins { get; init; } = 16;

    /// <summary>Periodic: how many frequencies, 1 to 256; the vector is twice as wide.</summary>
    public int Frequencies { get; init; } = 16;

    /// <summary>
    /// Periodic: the standard deviation of the frequencies before they are learned, turns per unit of the transformed number; it
    /// decides how fine a difference of two numbers can be told at first.
    /// </summary>
    public float Deviation { get; init; } = 0.1f;

    /// <summary>The width of a linear layer of the feature's own that follows, 1 to 1024; null is none.</summary>
    public int? Dimension { get; init; }
}
