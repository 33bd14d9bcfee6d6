using System.Collections.Concurrent;

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

/// <summary>Scores in the order of the request's candidates, and what they are of. Used again for another request when the answer is written.</summary>
internal sealed class ScoringResult(int outputs, int candidates)
{
    private static readonly ConcurrentBag<ScoringResult> idle = [];

    /// <summary>One of that size: an idle one, if the first at hand fits, as it does where requests are alike.</summary>
    public static ScoringResult Rent(int outputs, int candidates)
    {
        if (!idle.TryTake(out var result) || result.Outputs.Length != outputs || result.Scores.Length != candidates)
        {
            return new ScoringResult(outputs, candidates);
        }

        result.Flags = RequestFlags.None;
        result.Scored = 0;
        Array.Clear(result.ItemFlags);
        return result;
    }

    /// <summary>Nothing reads it any more.</summary>
    public void Return()
    {
        // Who keeps a record keeps the memory of many.
        Array.Clear(Items);
        idle.Add(this);
    }

    /// <summary>[candidates] the items' records, as they were scored.</summary>
    public ReadOnlyMemory<byte>[] Items { get; } = new ReadOnlyMemory<byte>[candidates];

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
