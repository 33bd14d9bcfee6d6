using System.Collections.Immutable;
using Ranking.Core;

namespace Ranking.Events;

/// <summary>What became of every record about one event, and of the impression that it belongs to.</summary>
/// <param name="Records">The records that name the event, in their order.</param>
/// <param name="Examples">The examples of its impression, in their order.</param>
public sealed record EventExplanation(ImmutableArray<ExplainedRecord> Records, ImmutableArray<ExplainedExample> Examples);

/// <summary>One record and what became of it.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="EventTime">When it happened, Unix milliseconds.</param>
/// <param name="OrderTime">Its place in the merged order, Unix milliseconds.</param>
/// <param name="Disposition">What it came to; null where the log stops before that is decided.</param>
/// <param name="Text">The same in a sentence, with the reason.</param>
public sealed record ExplainedRecord(LogPosition Position, long EventTime, long OrderTime, Disposition? Disposition, string Text);

/// <summary>An example that the impression yielded.</summary>
/// <param name="Sequence">Its number in the order of emission.</param>
/// <param name="Positive">Tasks whose outcome was known.</param>
/// <param name="Observed">Tasks whose label it carries.</param>
/// <param name="IsReconstructed">Whether its features come from entity tables.</param>
public sealed record ExplainedExample(long Sequence, ImmutableArray<string> Positive, ImmutableArray<string> Observed, bool IsReconstructed);
