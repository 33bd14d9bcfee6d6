using Ranking.Core;

namespace Ranking.Trainer;

/// <summary>Writes checkpoints by the clock and at the end; dead letters are durable before the checkpoint that passes them.</summary>
internal sealed class CheckpointWriter(CheckpointFolder folder, TimeSpan every, IDeadLetters deadLetters, TimeProvider clock)
{
    private long last = clock.GetTimestamp();

    public ValueTask WriteIfDueAsync(TrainingState state) =>
        clock.GetElapsedTime(last) >= every ? WriteAsync(state) : ValueTask.CompletedTask;

    /// <summary>Writes one, if there is a learner yet: what comes before it is read again after a restart.</summary>
    public async ValueTask WriteAsync(TrainingState state)
    {
        if (!state.HasBegun)
        {
            return;
        }

        await deadLetters.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        folder.Write(state.Save);
        last = clock.GetTimestamp();
    }
}
