using Ranking.Core;
using Ranking.Events;

namespace Ranking.Trainer;

/// <summary>
/// The loop from log to versions: read, merge, join, predict and train, publish, checkpoint. Everything but when
/// checkpoints are written is a function of the log.
/// </summary>
internal sealed class OnlineTraining(
    IReadOnlyList<LogStage> stages, TrainingState state, VersionPublisher publisher, DeltaPublisher deltas,
    CheckpointWriter checkpoints, ProgressReporter reporter, HistoryWriter? history = null)
{
    private static readonly TimeSpan PollWait = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs until the last stage ends or it is cancelled; either way it ends with a checkpoint.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        state.Fold.HandedOver = Publish;
        while (state.Stage < stages.Count && !cancellation.IsCancellationRequested)
        {
            if (state.HasUntakenBeforeSeam)
            {
                await using var before = await state.OpenAsync(stages[state.Stage - 1], cancellation).ConfigureAwait(false);
                await ReadAsync(before, cancellation).ConfigureAwait(false);
            }

            await using var log = await state.OpenAsync(stages[state.Stage], cancellation).ConfigureAwait(false);
            await ReadAsync(log, cancellation).ConfigureAwait(false);
            if (!cancellation.IsCancellationRequested)
            {
                if (stages[state.Stage].PublishesAtEndOnly)
                {
                    state.Fold.EndAtRest();
                    Publish();
                }

                state.NextStage();
            }
        }

        if (state.Stage == stages.Count)
        {
            state.Join.End();
            state.Fold.Finish();
            Publish();
        }

        reporter.Report(state);
        await checkpoints.WriteAsync(state).ConfigureAwait(false);
        if (history is not null)
        {
            await history.FinishAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task ReadAsync(IEventLog log, CancellationToken cancellation)
    {
        var merged = new MergedLog(log, state.Merge);
        while (!cancellation.IsCancellationRequested && await FillAsync(merged, cancellation).ConfigureAwait(false))
        {
            while (!cancellation.IsCancellationRequested && merged.TryTake(out var next))
            {
                state.Fold.Advance(next.OrderTime);
                state.Join.Process(next);
                var due = state.Schedule.Due(state.Fold.Learned, next.OrderTime);
                if (!stages[state.Stage].PublishesAtEndOnly)
                {
                    Publish(due);
                }
            }

            if (!stages[state.Stage].PublishesAtEndOnly)
            {
                history?.WriteIfDue();
            }

            state.FlushPredictions();
            reporter.ReportIfDue(state, log.Progress);
            await checkpoints.WriteIfDueAsync(state).ConfigureAwait(false);
        }
    }

    private void Publish(Publication due)
    {
        switch (due)
        {
            case Publication.Version:
                Publish();
                break;
            case Publication.Delta when deltas.Publish(state.Fold.Learner!, state.Point):
                reporter.PublishedDelta();
                break;
        }
    }

    private void Publish()
    {
        if (state.Fold.Learner is not null)
        {
            state.Fold.Calibrate();
            reporter.Offered(publisher.Publish(state.Fold.Learner, state.Fold.Window.Examples, state.Point));
        }
    }

    private static async ValueTask<bool> FillAsync(MergedLog log, CancellationToken cancellation)
    {
        try
        {
            return await log.FillAsync(PollWait, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
