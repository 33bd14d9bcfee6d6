namespace Ranking.Server;

/// <summary>What is worth knowing about one item's score; the bits of the wire.</summary>
[Flags]
internal enum ItemFlags : uint
{
    None = 0,
    NoFeatures = 1,
    UnknownId = 2,
    StoreUnavailable = 4,
    NoScore = 8,
    NotScored = 16,
}

/// <summary>What is worth knowing about all scores of a request; the bits of the wire.</summary>
[Flags]
internal enum RequestFlags : uint
{
    None = 0,
    NoUserFeatures = 1,
    StoreUnavailable = 2,
    NoHistory = 4,
}

/// <summary>Scores in the order of the request's candidates.</summary>
internal sealed class ScoringResult(int outputs, int candidates)
{
    /// <summary>[outputs][candidates] probabilities.</summary>
    public float[][] Outputs { get; } = [.. Enumerable.Range(0, outputs).Select(_ => new float[candidates])];

    /// <summary>[candidates] values of the objective; NaN where it has none.</summary>
    public double[] Scores { get; } = new double[candidates];

    /// <summary>[candidates]</summary>
    public ItemFlags[] ItemFlags { get; } = new ItemFlags[candidates];

    public RequestFlags Flags { get; set; }

    /// <summary>How many candidates, from the first on, were scored in time.</summary>
    public int Scored { get; set; }
}
