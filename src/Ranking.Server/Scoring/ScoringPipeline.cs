using System.Buffers;
using Ranking.Core;

namespace Ranking.Server;

/// <summary>The straight path of a request: one batched read, what the past says, encode, score, objective.</summary>
internal sealed class ScoringPipeline(
    IFeatureStore store, ScoringThreads threads, RecentRequests recent, ServerMetrics metrics, TimeProvider time)
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
        var result = ScoringResult.Rent(model.Outputs.Length, request.ItemIds.Count);
        var history = model.History is { IsWritten: true } written ? written : null;
        var entities = request.ItemIds.Count + 1;
        var count = history is null ? entities : 2 * entities;
        var stored = ArrayPool<FeatureValue>.Shared.Rent(count);
        await ReadAsync(request, history, stored.AsMemory(0, count), cancellation).ConfigureAwait(false);
        ServedFeatures? features = null;
        await threads.RunAsync(Work).ConfigureAwait(false);

        // Only here: what fails leaves it to the collector, since a reply may be on its way into it.
        ArrayPool<FeatureValue>.Shared.Return(stored, clearArray: true);
        if (!WarmRequest.IsOf(request.UserId))
        {
            recent.Offer(model.Spec.Name, features!);
        }

        return (result, features!);

        void Work()
        {
            var start = time.GetTimestamp();
            try
            {
                features = Score(model, request, history, stored.AsSpan(0, count), IsOver, result);
            }
            finally
            {
                metrics.CountScoring(time.GetElapsedTime(start), features is not null && !cancellation.IsCancellationRequested);
            }
        }

        bool IsOver()
        {
            cancellation.ThrowIfCancellationRequested();
            return time.GetUtcNow() >= until;
        }
    }

    private static ServedFeatures Score(
        LoadedModel model, ScoringRequest request, ModelHistory? history, ReadOnlySpan<FeatureValue> stored, Func<bool> isOver, ScoringResult result)
    {
        var scorer = model.RentScorer();
        try
        {
            // The wait for the thread may have taken all the time.
            if (!isOver())
            {
                Flag(stored, result);
                var features = Overlay(scorer.Overlay, request, stored);
                if (history is not null)
                {
                    features = history.Complete(features, stored[(request.ItemIds.Count + 1)..]);
                }
                else if (model.History is not null)
                {
                    result.Flags |= RequestFlags.NoHistory;
                }

                scorer.Score(features, isOver, result);
                if (result.Scored > 0)
                {
                    request.Objective.Evaluate(features, request.Constants, result);
                    return features;
                }
            }
        }
        finally
        {
            model.ReturnScorer(scorer);
        }

        throw new OperationCanceledException("there was no time to score any candidate");
    }

    /// <summary>The user's record, then the items'; then their histories, where there are any.</summary>
    private async ValueTask ReadAsync(ScoringRequest request, ModelHistory? history, Memory<FeatureValue> values, CancellationToken cancellation)
    {
        var entities = request.ItemIds.Count + 1;
        var keys = ArrayPool<FeatureKey>.Shared.Rent(values.Length);
        for (var i = 0; i < entities; i++)
        {
            var (kind, id) = i == 0 ? (EntityKind.User, request.UserId) : (EntityKind.Item, request.ItemIds[i - 1]);
            keys[i] = new FeatureKey(kind, id, FeatureGroup.Profile);
            if (history is not null)
            {
                keys[entities + i] = history.KeyOf(kind, id);
            }
        }

        await store.ReadAsync(keys.AsMemory(0, values.Length), values, cancellation).ConfigureAwait(false);
        ArrayPool<FeatureKey>.Shared.Return(keys, clearArray: true);
    }

    private static void Flag(ReadOnlySpan<FeatureValue> stored, ScoringResult result)
    {
        result.Flags = stored[0].Status == FeatureStatus.Missing ? RequestFlags.NoUserFeatures : RequestFlags.None;
        foreach (var value in stored)
        {
            result.Flags |= value.Status == FeatureStatus.Unavailable ? RequestFlags.StoreUnavailable : RequestFlags.None;
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

    private static ServedFeatures Overlay(RecordOverlay overlay, ScoringRequest request, ReadOnlySpan<FeatureValue> stored)
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
