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
        var history = model.History is { IsWritten: true } written ? written : null;
        var entities = request.ItemIds.Count + 1;
        var count = history is null ? entities : 2 * entities;
        var stored = ArrayPool<FeatureValue>.Shared.Rent(count);
        await ReadAsync(request, history, stored.AsMemory(0, count), cancellation).ConfigureAwait(false);
        var work = new ScoringWork(model, request, history, stored.AsMemory(0, count), until, time, cancellation);
        Begin(model, work);
        await work.Task.ConfigureAwait(false);

        // Only here: what fails leaves it to the collector, since a reply may be on its way into it.
        ArrayPool<FeatureValue>.Shared.Return(stored, clearArray: true);
        if (!WarmRequest.IsOf(request.UserId))
        {
            recent.Offer(model.Spec.Name, work.Features!);
        }

        return (work.Result, work.Features!);
    }

    private void Begin(LoadedModel model, ScoringWork work)
    {
        if (work.Candidates > SmallRequests.MostCandidates)
        {
            threads.Run(() => Score(model, [work]));
            return;
        }

        model.Small.Add(work);
        threads.Run(() => ScoreSmall(model));
    }

    // Each small request has a turn, which takes those that wait by then. Where a turn before it took its request, which may be
    // answered and its version gone, it takes others or none.
    private void ScoreSmall(LoadedModel model)
    {
        if (model.Small.Take() is { Count: > 0 } requests)
        {
            Score(model, requests);
        }
    }

    private void Score(LoadedModel model, List<ScoringWork> requests)
    {
        var start = time.GetTimestamp();
        try
        {
            model.Score(requests);
        }
        catch (Exception failure)
        {
            foreach (var work in requests)
            {
                work.Fail(failure);
            }
        }

        foreach (var work in requests)
        {
            metrics.CountScoring(time.GetElapsedTime(start) / requests.Count, work.IsAnswered);
            work.End();
        }
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
}
