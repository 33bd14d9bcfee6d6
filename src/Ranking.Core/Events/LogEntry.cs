namespace Ranking.Core;

/// <summary>A record as a log gives it: parsed, or with the reason why it could not be.</summary>
public sealed class LogEntry
{
    /// <summary>Where it stands.</summary>
    public required LogPosition Position { get; init; }

    /// <summary>The broker's time of the record, Unix milliseconds: only to judge an event time that lies ahead of it.</summary>
    public required long BrokerTime { get; init; }

    /// <summary>The record's value as it stands in the log, for a dead letter; empty where the log keeps no such bytes.</summary>
    public ReadOnlyMemory<byte> Value { get; init; }

    /// <summary>What it says; null where it could not be read.</summary>
    public LogEvent? Event { get; init; }

    /// <summary>Why it could not be read; null where it could.</summary>
    public string? Fault { get; init; }
}
