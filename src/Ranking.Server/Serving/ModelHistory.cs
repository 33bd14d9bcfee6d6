using System.Collections.Concurrent;
using Ranking.Core;
using Ranking.Events;
using Ranking.Models;

namespace Ranking.Server;

/// <summary>The statistics and sequences of one loaded version: what it declares, and where their state is.</summary>
internal sealed class ModelHistory(ModelSpec spec, string name, AttributeHistory attributes, Action letGo) : IDisposable
{
    private readonly ConcurrentBag<RequestHistory> idle = [];

    /// <summary>Whether a trainer has written any of it: until then requests do without.</summary>
    public bool IsWritten => attributes.Head is not null;

    public FeatureKey KeyOf(EntityKind entity, string id) => FeatureKey.OfHistory(entity, LogEvent.EntityKey(id), name);

    /// <summary>The request's features with its past in them.</summary>
    /// <param name="features">Those without.</param>
    /// <param name="stored">What was read of the user's history, then of the items'.</param>
    public ServedFeatures Complete(ServedFeatures features, ReadOnlySpan<FeatureValue> stored)
    {
        var items = new ReadOnlyMemory<byte>[features.Items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = stored[i + 1].Record;
        }

        var worker = idle.TryTake(out var free) ? free : new RequestHistory(spec.Schema, spec.Statistics, spec.Sequences);
        try
        {
            var (records, positions) = worker.Complete(
                new RequestRecords(features.User, features.Context, features.Items, features.Pairs), new StoredHistory(stored[0].Record, items, attributes), features.Time);
            return new ServedFeatures(features.Time, records.User, records.Context, records.Items, records.Pairs) { History = positions };
        }
        finally
        {
            idle.Add(worker);
        }
    }

    public void Dispose() => letGo();
}
