namespace Ranking.Server;

/// <summary>
/// How a version that is loaded beside the served one takes of the processors, piece by piece: what requests leave at first,
/// and a little of theirs where that was not enough within a time. On what is left alone it would starve on a busy machine,
/// and the model would never be swapped.
/// </summary>
/// <param name="patience">The time.</param>
/// <param name="share">Of a core, what warming takes after that.</param>
/// <param name="time">Tells it.</param>
internal sealed class SwapPace(TimeSpan patience, double share, TimeProvider time)
{
    private readonly long start = time.GetTimestamp();

    private bool IsPatient => time.GetElapsedTime(start) < patience;

    /// <summary>Runs a piece of the work, on a thread of its own; what it throws is the task's.</summary>
    public Task<T> RunAsync<T>(Func<T> piece) =>
        LowPriority.RunAsync(piece, IsPatient ? ThreadShare.WhatIsLeft : ThreadShare.Little);

    /// <summary>Runs a piece of the work, on a thread of its own; what it throws is the task's.</summary>
    public Task RunAsync(Action piece) => RunAsync(() =>
    {
        piece();
        return true;
    });

    /// <summary>Runs one of many pieces, and rests after it where it took of what requests would have.</summary>
    public async Task RunAndRestAsync(Action piece, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        await RunAsync(piece).ConfigureAwait(false);
        if (!IsPatient)
        {
            await Task.Delay(time.GetElapsedTime(began) * ((1 / share) - 1), time, cancellation).ConfigureAwait(false);
        }

        cancellation.ThrowIfCancellationRequested();
    }
}
