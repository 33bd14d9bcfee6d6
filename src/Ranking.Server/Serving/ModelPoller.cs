using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ranking.Server;

/// <summary>
/// Follows each model's pointer in the store: a new version is loaded beside the served one, verified, warmed, and put in
/// its place. A version that is refused is not tried again; the served one stays.
/// </summary>
internal sealed class ModelPoller(
    ModelRegistry registry, ModelLoader loader, ServerOptions options, ServerMetrics metrics, TimeProvider time, ILogger<ModelPoller> log)
    : BackgroundService
{
    private readonly SemaphoreSlim turn = new(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.PollInterval, time);
        do
        {
            foreach (var slot in registry.Slots)
            {
                await FollowAsync(slot, stoppingToken).ConfigureAwait(false);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    /// <summary>Brings a slot to the version it should have: the pinned one, else the store's.</summary>
    public async Task FollowAsync(ModelSlot slot, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var wanted = slot.Pinned ?? loader.PointerOf(slot.Name);
            if (wanted is not null && wanted != slot.CurrentVersion && !slot.Refused.ContainsKey(wanted))
            {
                await SwapAsync(slot, wanted, cancellation).ConfigureAwait(false);
            }
        }
        catch (IOException failure)
        {
            log.LogWarning(failure, "The store's pointer for model {Model} could not be read; version {Version} stays", slot.Name, slot.CurrentVersion);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Serves a version on demand from now on, or with null follows the store again.</summary>
    /// <exception cref="ModelNotFoundException">The store has no such version; all stays as it was.</exception>
    /// <exception cref="ModelRefusedException">The version is not whole or not usable; all stays as it was.</exception>
    public async Task PinAsync(ModelSlot slot, string? version, CancellationToken cancellation)
    {
        if (version is not null && version != slot.CurrentVersion)
        {
            await turn.WaitAsync(cancellation).ConfigureAwait(false);
            try
            {
                slot.Swap(await loader.LoadAsync(slot, version, cancellation).ConfigureAwait(false));
                metrics.CountSwap(slot.Name);
            }
            finally
            {
                turn.Release();
            }
        }

        slot.Pinned = version;
        await FollowAsync(slot, cancellation).ConfigureAwait(false);
    }

    private async Task SwapAsync(ModelSlot slot, string version, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            var model = await loader.LoadAsync(slot, version, cancellation).ConfigureAwait(false);
            var previous = slot.CurrentVersion;
            slot.Swap(model);
            metrics.CountSwap(slot.Name);
            log.Log(model.IsWarm ? LogLevel.Debug : LogLevel.Information, "Model {Model} now serves version {Version} instead of {Previous}, loaded and warmed in {Seconds:0.00} s",
                slot.Name, version, previous, Stopwatch.GetElapsedTime(start).TotalSeconds);
            if (model is { IsWarm: false, History.IsWritten: false })
            {
                log.LogWarning(
                    "Model {Model} declares {Past} statistics and sequences, and the feature store has none: until its trainer writes them (train --redis), requests do without, flagged NO_HISTORY",
                    slot.Name, model.Spec.Statistics.Length + model.Spec.Sequences.Length);
            }
        }
        catch (ModelNotFoundException missing)
        {
            // On a shared file system the pointer may come before the folder: it is looked for again.
            log.LogWarning("Model {Model} keeps version {Current}: {Reason}", slot.Name, slot.CurrentVersion, missing.Message);
        }
        catch (ModelRefusedException refusal)
        {
            slot.Refuse(version, refusal.Message);
            metrics.CountRefusal(slot.Name);
            log.LogError("Model {Model} refused version {Version} and keeps {Current}: {Reason}", slot.Name, version, slot.CurrentVersion, refusal.Message);
        }
    }
}
