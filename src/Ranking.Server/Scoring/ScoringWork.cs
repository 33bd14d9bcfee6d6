using Ranking.Core;

namespace Ranking.Server;

/// <summary>A request whose features have been read, on its way through a scoring thread; its task ends with it.</summary>
/// <param name="model">The version that answers it.</param>
/// <param name="request">The request.</param>
/// <param name="history">Where its past is; null where there is none to read.</param>
/// <param name="stored">What was read: the user's record, then the items'; then their histories, where there are any.</param>
/// <param name="until">When scoring ends.</param>
/// <param name="time">What tells the time.</param>
/// <param name="cancellation">The deadline, and whether the caller gave up.</param>
internal sealed class ScoringWork(
    LoadedModel model, ScoringRequest request, ModelHistory? history, ReadOnlyMemory<FeatureValue> stored, DateTimeOffset until, TimeProvider time,
    CancellationToken cancellation)
    // What comes after it must not run on the thread that scores.
    : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private Exception? failure;

    public ScoringResult Result { get; } = ScoringResult.Rent(model.Outputs.Length, request.ItemIds.Count);

    /// <summary>What is scored; null until it is prepared.</summary>
    public ServedFeatures? Features { get; private set; }

    /// <summary>How many candidates it has.</summary>
    public int Candidates => request.ItemIds.Count;

    /// <summary>Whether somebody will read the answer.</summary>
    public bool IsAnswered => failure is null && Result.Scored > 0 && !cancellation.IsCancellationRequested;

    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public bool IsOver()
    {
        cancellation.ThrowIfCancellationRequested();
        return time.GetUtcNow() >= until;
    }

    /// <summary>Makes its features of what was read and what was sent.</summary>
    /// <exception cref="OperationCanceledException">The wait for the thread took all the time.</exception>
    public void Prepare(RecordOverlay overlay)
    {
        if (IsOver())
        {
            throw NoTime();
        }

        Flag();
        var features = Overlay(overlay);
        if (history is null && model.History is not null)
        {
            Result.Flags |= RequestFlags.NoHistory;
        }

        Features = history is null ? features : history.Complete(features, stored.Span[(request.ItemIds.Count + 1)..]);
    }

    /// <summary>Evaluates the objective of what was scored.</summary>
    /// <exception cref="OperationCanceledException">Nothing was.</exception>
    public void Finish()
    {
        if (Result.Scored == 0)
        {
            throw NoTime();
        }

        request.Objective.Evaluate(Features!, request.Constants, Result);
    }

    /// <summary>Whether it still is to be scored, after a part of the work on it; where that throws, it is not.</summary>
    public bool Try(Action<ScoringWork> part)
    {
        try
        {
            part(this);
            return true;
        }
        catch (Exception thrown)
        {
            Fail(thrown);
            return false;
        }
    }

    /// <summary>It will not be answered.</summary>
    public void Fail(Exception reason) => failure = reason;

    /// <summary>Ends its task: nothing is done for it any more.</summary>
    public void End()
    {
        if (failure is null)
        {
            SetResult();
        }
        else
        {
            SetException(failure);
        }
    }

    private static OperationCanceledException NoTime() => new("there was no time to score any candidate");

    private void Flag()
    {
        var read = stored.Span;
        Result.Flags = read[0].Status == FeatureStatus.Missing ? RequestFlags.NoUserFeatures : RequestFlags.None;
        foreach (var value in read)
        {
            Result.Flags |= value.Status == FeatureStatus.Unavailable ? RequestFlags.StoreUnavailable : RequestFlags.None;
        }

        for (var i = 1; i <= Result.ItemFlags.Length; i++)
        {
            Result.ItemFlags[i - 1] = read[i].Status switch
            {
                FeatureStatus.Missing => ItemFlags.NoFeatures,
                FeatureStatus.Unavailable => ItemFlags.StoreUnavailable,
                _ => ItemFlags.None,
            };
        }
    }

    private ServedFeatures Overlay(RecordOverlay overlay)
    {
        var read = stored.Span;
        var sent = request.Features;
        var items = Result.Items;
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = overlay.Item(request.ItemIds[i], read[i + 1].Record, sent.Items.Length == 0 ? default : sent.Items[i]);
        }

        return new ServedFeatures(request.Time, overlay.User(request.UserId, read[0].Record, sent.User), sent.Context, items, sent.Pairs);
    }
}
