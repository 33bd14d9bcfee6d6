namespace Ranking.Core;

/// <summary>How a number becomes a vector.</summary>
public enum NumericEmbeddingKind : byte
{
    /// <summary>How far it is through each of a row of fitted bins.</summary>
    Piecewise = 0,
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

    /// <summary>The width of a linear layer of the feature's own that follows, 1 to 1024; null is none.</summary>
    public int? Dimension { get; init; }
}
