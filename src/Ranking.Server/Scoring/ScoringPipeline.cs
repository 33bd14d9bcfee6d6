using Ranking.Core;

namespace Ranking.Server;

/// <summary>The straight path of a request: one batched read, what the past says, encode, score, objective.</summary>
internal sealed class ScoringPipeline(IFeatureStore store, ScoringThreads threads, TimeProvider time)
{
    /// <summary>
    /// Scores the candidates, from the first on as many as there is time for. Features that are missing or unreadable are
    /// flagged and do without.
    /// </summary>
    /// <param name="model">The version.</param>
    /// <param name="request">The request.</param>
    /// <param name="until">When scoring ends.</param>
    /// <param name="cancellation">The deadline, and whether the caller gave up.</param>
    /// <exception cref="OperationCanceledException">There was no time for any, or the caller gave up.</exception>
    public async Task<(ScoringResult Result, ServedFeatures Features)> ScoreAsync(
        LoadedModel model, ScoringRequest request, DateTimeOffset until, CancellationToken cancellation)
    {
        var result = new ScoringResult(model.Outputs.Length, request.ItemIds.Count);
        var history = model.History is { IsWritten: true } written ? written : null;
        var stored = await ReadAsync(request, history, cancellation).ConfigureAwait(false);
        ServedFeatures? features = null;
        await threads.RunAsync(() => features = Score(model, request, history, stored, IsOver, result)).ConfigureAwait(false);
        return (result, features!);

        bool IsOver()
        {
            cancellation.ThrowIfCancellationRequested();
            return time.GetUtcNow() >= until;
        }
    }

    private static ServedFeatures Score(
        LoadedModel model, ScoringRequest request, ModelHistory? history, FeatureValue[] stored, Func<bool> isOver, ScoringResult result)
    {
        // The wait for the thread may have taken all the time.
        if (!isOver())
        {
            Flag(stored, result);
            var features = Overlay(model.Overlay, request, stored);
            if (history is not null)
            {
                features = history.Complete(features, stored.AsSpan(request.ItemIds.Count + 1));
            }
            else if (model.History is not null)
            {
                result.Flags |= RequestFlags.NoHistory;
            }

            var scorer = model.RentScorer();
            try
            {
                scorer.Score(features, isOver, result);
            }
            finally
            {
                model.ReturnScorer(scorer);
            }

            if (result.Scored > 0)
            {
                request.Objective.Evaluate(features, request.Constants, result);
                return features;
            }
        }

        throw new OperationCanceledException("there was no time to score any candidate");
    }

    /// <summary>The user's record, then the items'; then their histories, where there are any.</summary>
    private async ValueTask<FeatureValue[]> ReadAsync(ScoringRequest request, ModelHistory? history, CancellationToken cancellation)
    {
        var entities = request.ItemIds.Count + 1;
        var keys = new FeatureKey[history is null ? entities : 2 * entities];
        for (var i = 0; i < entities; i++)
        {
            var (kind, id) = i == 0 ? (EntityKind.User, request.UserId) : (EntityKind.Item, request.ItemIds[i - 1]);
            keys[i] = new FeatureKey(kind, id, FeatureGroup.Profile);
            if (history is not null)
            {
                keys[entities + i] = history.KeyOf(kind, id);
            }
        }

        var values = new FeatureValue[keys.Length];
        await store.ReadAsync(keys, values, cancellation).ConfigureAwait(false);
        return values;
    }

    private static void Flag(FeatureValue[] stored, ScoringResult result)
    {
        result.Flags = stored[0].Status == FeatureStatus.Missing ? RequestFlags.NoUserFeatures : RequestFlags.None;
        if (stored.Any(value => value.Status == FeatureStatus.Unavailable))
        {
            result.Flags |= RequestFlags.StoreUnavailable;
        }

        for (var i = 1; i <= result.ItemFlags.Length; i++)
        {
            result.ItemFlags[i - 1] = stored[i].Status switch
            {
                FeatureStatus.Missing => ItemFlags.NoFeatures,
                FeatureStatus.Unavailable => ItemFlags.StoreUnavailable,
                _ => ItemFlags.None,
            };
        }
    }

    private static ServedFeatures Overlay(RecordOverlay overlay, ScoringRequest request, FeatureValue[] stored)
    {
        var sent = request.Features;
        var items = new ReadOnlyMemory<byte>[request.ItemIds.Count];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = overlay.Item(request.ItemIds[i], stored[i + 1].Record, sent.Items.Length == 0 ? default : sent.Items[i]);
        }

        return new ServedFeatures(request.Time, overlay.User(request.UserId, stored[0].Record, sent.User), sent.Context, items, sent.Pairs);
    }
}
