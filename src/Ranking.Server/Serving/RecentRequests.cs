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
        private KeptRequest[]? kept;
        private long last;
        private int count;

        public IEnumerable<KeptRequest> All
        {
            get
            {
                var (places, newest) = (Volatile.Read(ref kept), Volatile.Read(ref count));
                return places is null ? [] : Enumerable.Range(0, Most).Select(back => places[(uint)(newest - back) % Most]).Where(request => !request.IsEmpty);
            }
        }

        public void Offer(ServedFeatures features, TimeProvider time)
        {
            var (seen, now) = (Volatile.Read(ref last), time.GetTimestamp());
            if ((seen == 0 || time.GetElapsedTime(seen, now) >= Pause) && Interlocked.CompareExchange(ref last, now, seen) == seen)
            {
                var places = Volatile.Read(ref kept) ?? Make(features);
                places[(uint)Interlocked.Increment(ref count) % Most].Put(features);
            }
        }

        // All at once: made one by one, they would grow the collector's oldest generation for minutes, and have it collected.
        private KeptRequest[] Make(ServedFeatures like)
        {
            KeptRequest[] made = [.. Enumerable.Range(0, Most).Select(_ => new KeptRequest(like))];
            return Interlocked.CompareExchange(ref kept, made, null) ?? made;
        }
    }
}
