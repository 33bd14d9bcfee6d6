using Ranking.Core;

namespace Ranking.Events;

/// <summary>A record at its place in the merged order.</summary>
/// <param name="OrderTime">The running maximum of event time in its partition, Unix milliseconds.</param>
/// <param name="Entry">The record.</param>
/// <param name="Fault">Why it is a dead letter; null for a record to be used.</param>
public readonly record struct MergedEvent(long OrderTime, LogEntry Entry, string? Fault);
