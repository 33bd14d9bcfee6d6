using Ranking.Core;

namespace Ranking.Server;

/// <summary>The straight path of a request: one batched read, encode, score, objective.</summary>
internal sealed class ScoringPipeline(IFeatureStore store)
{
    /// <summary>Candidates scored between two looks at the deadline; the user's part is computed again for each block.</summary>
    public const int BlockSize = 512;

    /// <summary>Scores all candidates. Features that are missing or unreadable are flagged and do without.</summary>
    /// <exception cref="OperationCanceledException">The deadline passed or the caller gave up.</exception>
    public async Task<(ScoringResult Result, ServedFeatures Features)> ScoreAsync(
        LoadedModel model, ScoringRequest request, CancellationToken cancellation)
    {
        var result = new ScoringResult(model.Outputs.Length, request.ItemIds.Count);
        var stored = await ReadAsync(request, cancellation).ConfigureAwait(false);
        Flag(stored, result);
        var features = Overlay(model.Overlay, request, stored);
        var scorer = model.RentScorer();
        try
        {
            for (var start = 0; start < features.Items.Length; start += BlockSize)
            {
                cancellation.ThrowIfCancellationRequested();
                scorer.Score(features, start..Math.Min(start + BlockSize, features.Items.Length), result);
            }
        }
        finally
        {
            model.ReturnScorer(scorer);
        }

        request.Objective.Evaluate(features, request.Constants, result);
        return (result, features);
    }

    /// <summary>The user's record, then the items'.</summary>
    private async ValueTask<FeatureValue[]> ReadAsync(ScoringRequest request, CancellationToken cancellation)
    {
        var keys = new FeatureKey[request.ItemIds.Count + 1];
        keys[0] = new FeatureKey(EntityKind.User, request.UserId, FeatureGroup.Profile);
        for (var i = 1; i < keys.Length; i++)
        {
            keys[i] = new FeatureKey(EntityKind.Item, request.ItemIds[i - 1], FeatureGroup.Profile);
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

        for (var i = 1; i < stored.Length; i++)
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
