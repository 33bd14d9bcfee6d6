namespace Ranking.Server;

/// <summary>
/// How a version that is loaded beside the served one takes of the processors, piece by piece: what requests leave at first,
/// and a little of theirs where that was not enough within a time. On what is left alone it would starve on a busy machine,
/// and the model would never be swapped.
/// </summary>
/// <param name="patience">The time.</param>
/// <param name="time">Tells it.</param>
internal sealed class SwapPace(TimeSpan patience, TimeProvider time)
{
    private readonly long start = time.GetTimestamp();

    /// <summary>Runs a piece of the work, on a thread of its own; what it throws is the task's.</summary>
    public Task<T> RunAsync<T>(Func<T> piece) =>
        LowPriority.RunAsync(piece, time.GetElapsedTime(start) < patience ? ThreadShare.WhatIsLeft : ThreadShare.Little);

    /// <summary>Runs a piece of the work, on a thread of its own; what it throws is the task's.</summary>
    public Task RunAsync(Action piece) => RunAsync(() =>
    {
        piece();
        return true;
    });
}
