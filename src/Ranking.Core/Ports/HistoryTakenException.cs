namespace Ranking.Core;

/// <summary>A write was refused, as another has claimed the history or has begun it.</summary>
/// <param name="history">The history.</param>
public sealed class HistoryTakenException(string history) : Exception(
    $"another trainer writes the history {history}: this one writes no more of it; stop one of the two, and start the one that stays again if it is this one");
