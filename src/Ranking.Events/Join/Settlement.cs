using Ranking.Core;

namespace Ranking.Events;

/// <summary>The kinds of records that are counted; heartbeats and ends are counted only as dead letters.</summary>
public enum RecordKind : byte
{
    /// <summary>A record that could not be read, or a heartbeat or end that could not be used.</summary>
    Other = 0,

    /// <summary>What the server answered to a request.</summary>
    Served = 1,

    /// <summary>An item was shown.</summary>
    Impression = 2,

    /// <summary>A click, a conversion.</summary>
    Outcome = 3,
}

/// <summary>What a record comes to in the end.</summary>
public enum Disposition : byte
{
    /// <summary>
    /// Used. An impression: it has its features and yields examples. An outcome: it made the label of a task positive.
    /// A served record: an impression took its features from it.
    /// </summary>
    Joined = 0,

    /// <summary>An earlier record says the same: same request (served), and item (impression), and name (outcome).</summary>
    Duplicate = 1,

    /// <summary>Not used, for an <see cref="OrphanReason"/>.</summary>
    Orphan = 2,

    /// <summary>Unreadable, too far ahead of the broker's time, or after the end of its partition.</summary>
    DeadLetter = 3,
}

/// <summary>Why a record was not used.</summary>
public enum OrphanReason : byte
{
    /// <summary>It was, or it is no orphan.</summary>
    None = 0,

    /// <summary>An outcome or served record for which no impression came in time.</summary>
    NoImpression = 1,

    /// <summary>An outcome whose own time lies before the impression or after every task's window.</summary>
    OutsideWindow = 2,

    /// <summary>It was released after the windows (of a served record: its retention) had closed.</summary>
    AfterClose = 3,

    /// <summary>An outcome whose name no task refers to.</summary>
    NoTask = 4,
}

/// <summary>What became of one record.</summary>
/// <param name="Position">Where the record stands.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Disposition">What it came to.</param>
/// <param name="Reason">Why an orphan is one.</param>
/// <param name="DeadLetter">The record with its <see cref="MergedEvent.Fault"/>, where it is a dead letter.</param>
public readonly record struct Settlement(
    LogPosition Position, RecordKind Kind, Disposition Disposition, OrphanReason Reason = OrphanReason.None, MergedEvent? DeadLetter = null);
