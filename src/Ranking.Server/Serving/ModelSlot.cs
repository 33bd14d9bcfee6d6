using System.Collections.Concurrent;

namespace Ranking.Server;

/// <summary>What one model name serves: the current version behind one reference, and a few pinned ones beside it.</summary>
internal sealed class ModelSlot(string name, Func<ModelSlot, string, CancellationToken, Task<LoadedModel>> load, int sideLoadedVersions) : IDisposable
{
    private readonly ConcurrentDictionary<string, string> refused = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim sideLoading = new(1);
    private readonly List<LoadedModel> sideLoaded = [];
    private readonly Lock sideLock = new();
    private volatile LoadedModel? current;

    public string Name => name;

    /// <summary>The version that is served on a caller's demand instead of the store's; null follows the store.</summary>
    public string? Pinned { get; set; }

    public string? CurrentVersion => current?.Version;

    /// <summary>Versions that were not taken, with the reason.</summary>
    public IReadOnlyDictionary<string, string> Refused => refused;

    /// <summary>A hold on the current version; null while there is none.</summary>
    public ModelLease? Acquire()
    {
        while (current is { } model)
        {
            if (model.TryAddReference())
            {
                return new ModelLease(model);
            }
        }

        return null;
    }

    /// <summary>A hold on the current version.</summary>
    /// <exception cref="ModelNotReadyException">There is none yet.</exception>
    public ModelLease Require() => Acquire() ?? throw new ModelNotReadyException($"model '{name}' has no version yet");

    /// <summary>
    /// A hold on a version, which is loaded where it is not; the least lately loaded one makes room. Loads run one at a
    /// time and go on when the caller gives up.
    /// </summary>
    /// <exception cref="ModelRefusedException">There is no such version, or it is not whole.</exception>
    public async Task<ModelLease> AcquireAsync(string version, CancellationToken cancellation)
    {
        if (TryAcquire(version) is { } held)
        {
            return held;
        }

        var loading = LoadBesideAsync(version);
        try
        {
            return await loading.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The version stays for those who ask later; the hold on it is nobody's.
            _ = loading.ContinueWith(loaded => loaded.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>Puts a version in place of the current one, which goes when its last request is answered.</summary>
    public void Swap(LoadedModel next)
    {
        var previous = Interlocked.Exchange(ref current, next);
        previous?.Release();
    }

    public void Refuse(string version, string reason) => refused[version] = reason;

    /// <summary>Lets go of everything.</summary>
    public void Dispose()
    {
        Interlocked.Exchange(ref current, null)?.Release();
        lock (sideLock)
        {
            sideLoaded.ForEach(model => model.Release());
            sideLoaded.Clear();
        }

        sideLoading.Dispose();
    }

    private ModelLease? TryAcquire(string version)
    {
        if (Acquire() is { } lease)
        {
            if (lease.Model.Version == version)
            {
                return lease;
            }

            lease.Dispose();
        }

        lock (sideLock)
        {
            var model = sideLoaded.Find(candidate => candidate.Version == version);
            return model is not null && model.TryAddReference() ? new ModelLease(model) : null;
        }
    }

    private async Task<ModelLease> LoadBesideAsync(string version)
    {
        await sideLoading.WaitAsync().ConfigureAwait(false);
        try
        {
            if (TryAcquire(version) is { } loadedMeanwhile)
            {
                return loadedMeanwhile;
            }

            var model = await load(this, version, CancellationToken.None).ConfigureAwait(false);
            model.TryAddReference();
            lock (sideLock)
            {
                sideLoaded.Add(model);
                while (sideLoaded.Count > sideLoadedVersions)
                {
                    sideLoaded[0].Release();
                    sideLoaded.RemoveAt(0);
                }
            }

            return new ModelLease(model);
        }
        finally
        {
            sideLoading.Release();
        }
    }
}
