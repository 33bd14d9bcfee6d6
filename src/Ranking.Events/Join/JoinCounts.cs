namespace Ranking.Events;

/// <summary>How many records of each kind came in, and what they came to.</summary>
public sealed class JoinCounts
{
    private const int Dispositions = 4;
    private const int Kinds = 4;

    private readonly long[] settled;
    private readonly long[] received;

    internal JoinCounts(long[] received, long[] settled, long reconstructed)
    {
        this.received = received;
        this.settled = settled;
        Reconstructed = reconstructed;
    }

    /// <summary>Impressions whose features come, wholly or in part, from entity tables.</summary>
    public long Reconstructed { get; }

    /// <summary>Records that were taken in.</summary>
    public long Received(RecordKind kind) => received[(int)kind];

    /// <summary>Records that came to this.</summary>
    public long Settled(RecordKind kind, Disposition disposition) => settled[((int)kind * Dispositions) + (int)disposition];

    /// <summary>Records that came to this, of all kinds.</summary>
    public long Settled(Disposition disposition) => Enumerable.Range(0, Kinds).Sum(kind => Settled((RecordKind)kind, disposition));

    /// <summary>Records of all kinds that came in and are not settled yet; 0 at the end of a log.</summary>
    public long Pending => received.Sum() - settled.Sum();
}
