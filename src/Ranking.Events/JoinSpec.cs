using System.ComponentModel.DataAnnotations;

namespace Ranking.Events;

/// <summary>When a positive label is emitted.</summary>
public enum EmitMode : byte
{
    /// <summary>With the negatives, when its task's window closes: no positive runs ahead of its negatives.</summary>
    OnClose = 0,

    /// <summary>At once; negatives when the window closes.</summary>
    OnLabel = 1,
}

/// <summary>Who moves time on in partitions without records.</summary>
public enum HeartbeatSource : byte
{
    /// <summary>The trainer's host, by the clock, four times a second: for a live log.</summary>
    Clock = 0,

    /// <summary>Only the log's producer, in the log's own time: for replays and simulations.</summary>
    Producer = 1,
}

/// <summary>How the log becomes examples; the windows themselves are declared by the tasks.</summary>
public sealed record JoinSpec
{
    /// <summary>When positives are emitted.</summary>
    public EmitMode Emit { get; init; }

    /// <summary>How long, in order time, an impression waits for its served record. Default one minute.</summary>
    public TimeSpan ServedWait { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long after its own time, in order time, a served record stays for impressions to find it. Default one hour.
    /// </summary>
    public TimeSpan ServedRetention { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How far an event time may lie after the broker's timestamp before the record is a dead letter.</summary>
    public TimeSpan MaxAhead { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Who writes heartbeats.</summary>
    public HeartbeatSource Heartbeats { get; init; }

    /// <summary>Impressions and served items kept in memory; what waits beyond them is spilled to disk. 1,000 and more.</summary>
    [Range(1000, 1_000_000_000)]
    public int MemoryEntries { get; init; } = 500_000;
}
