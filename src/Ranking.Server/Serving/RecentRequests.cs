using System.Collections.Concurrent;

namespace Ranking.Server;

/// <summary>
/// Some of the requests that each model answered in the last minutes, as they were scored: a new version is warmed with them.
/// Far between, since each is copied; so many, so that items that are asked for again and again are in them.
/// </summary>
internal sealed class RecentRequests(TimeProvider time)
{
    /// <summary>How many of a model are kept.</summary>
    public const int Most = 512;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<string, Ring> rings = new(StringComparer.Ordinal);

    /// <summary>Keeps a request, unless one was kept a moment ago.</summary>
    public void Offer(string model, ServedFeatures features) => rings.GetOrAdd(model, _ => new Ring()).Offer(features, time);

    /// <summary>What is kept of a model's, the newest first.</summary>
    public IEnumerable<KeptRequest> Of(string model) => rings.TryGetValue(model, out var ring) ? ring.All : [];

    private sealed class Ring
    {
        private readonly KeptRequest?[] kept = new KeptRequest?[Most];
        private long last;
        private int count;

        public IEnumerable<KeptRequest> All
        {
            get
            {
                var newest = Volatile.Read(ref count);
                return Enumerable.Range(0, Most).Select(back => Volatile.Read(ref kept[(uint)(newest - back) % Most])).OfType<KeptRequest>();
            }
        }

        public void Offer(ServedFeatures features, TimeProvider time)
        {
            var (seen, now) = (Volatile.Read(ref last), time.GetTimestamp());
            if ((seen == 0 || time.GetElapsedTime(seen, now) >= Pause) && Interlocked.CompareExchange(ref last, now, seen) == seen)
            {
                ref var place = ref kept[(uint)Interlocked.Increment(ref count) % Most];
                var request = place ?? new KeptRequest();
                request.Put(features);
                Volatile.Write(ref place, request);
            }
        }
    }
}
