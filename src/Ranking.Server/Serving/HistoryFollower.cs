using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ranking.Core;
using Ranking.Events;

namespace Ranking.Server;

/// <summary>
/// Keeps in memory what the histories of the loaded models have beside users and items, and follows what the trainers write:
/// a miss costs no second round trip. Models of the same declarations share one.
/// </summary>
internal sealed class HistoryFollower(IHistoryStore store, ServerOptions options, TimeProvider time, ILogger<HistoryFollower> log) : BackgroundService
{
    private readonly ConcurrentDictionary<string, Followed> followed = new(StringComparer.Ordinal);

    /// <summary>A history as far as it is now, kept up to date until it is let go. Empty where the store has nothing of it or does not answer.</summary>
    public async Task<AttributeHistory> FollowAsync(string history, CancellationToken cancellation)
    {
        var one = followed.AddOrUpdate(
            history, _ => new Followed(new AttributeHistory(options.HistoryAttributes), new SemaphoreSlim(1), 1), (_, held) => held with { Holders = held.Holders + 1 });
        if (one.Attributes.Head is null)
        {
            await RefreshAsync(history, one, cancellation).ConfigureAwait(false);
        }

        return one.Attributes;
    }

    /// <summary>Lets a history go.</summary>
    public void LetGo(string history)
    {
        if (followed.AddOrUpdate(history, _ => throw new InvalidOperationException(), (_, held) => held with { Holders = held.Holders - 1 }) is { Holders: 0 } last)
        {
            followed.TryRemove(KeyValuePair.Create(history, last));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.HistoryPollInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            foreach (var (history, one) in followed)
            {
                await RefreshAsync(history, one, stoppingToken).ConfigureAwait(false);
            }
        }
    }

    private async Task RefreshAsync(string history, Followed one, CancellationToken cancellation)
    {
        var attributes = one.Attributes;
        await one.Turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (attributes.Head is { } head && await store.ReadChangesAsync(history, head.Number, cancellation).ConfigureAwait(false) is { } changes)
            {
                foreach (var change in changes)
                {
                    attributes.Apply(change);
                }
            }
            else if (await store.ReadAttributesAsync(history, cancellation).ConfigureAwait(false) is { } all)
            {
                attributes.Replace(all);
                log.LogInformation("The history {History} is here with {Count} attributes, of {Position}; {Refused} found no room", history, attributes.Count, all.Head.Position, attributes.Refused);
            }
        }
        catch (FeatureStoreException failure)
        {
            log.LogWarning("The history {History} stays as it is: {Reason}", history, failure.Message);
        }
        finally
        {
            one.Turn.Release();
        }
    }

    /// <param name="Attributes">The state.</param>
    /// <param name="Turn">One at a time brings it up to date.</param>
    /// <param name="Holders">Loaded versions that use it.</param>
    private sealed record Followed(AttributeHistory Attributes, SemaphoreSlim Turn, int Holders);
}
