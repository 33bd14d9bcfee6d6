using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Ranking.Core;

namespace Ranking.FeatureStore;

/// <summary>
/// Records read lately, bounded in bytes and, by their group, in time. That there is no record is remembered too, for a
/// shorter time; that the store was unavailable is not, and a record of 64 KiB or more is not kept. Safe for any number of
/// threads.
/// </summary>
/// <remarks>
/// Not a dictionary of objects: of a request of 500 candidates to a small model 17 % of the processor's time went to lookups
/// in one, four objects after another for each, and 4 % go to these. A record that is read again when its time is up, and is
/// the same, stays where it is until its segment grows old: what lives long is not made anew for the collector to copy.
/// </remarks>
internal sealed unsafe class FeatureCache
{
    // Keys that are looked up together: all ask for their places before the first is read.
    private const int Together = 64;
    private const int Line = 64;

    // Of its bytes a fifth for the index: enough places for records of a hundred bytes each.
    private const int IndexShare = 5;

    // Histories change with what happens: their records must not crowd out those of profiles, and should be gone soon.
    private const int HistoryShare = 8;

    private readonly RedisSettings settings;
    private readonly TimeProvider time;
    private readonly RecordIndex? index;
    private readonly RecordLog profiles;
    private readonly RecordLog histories;
    private readonly Lock writing = new();

    // Of this process, so that ids with one hash are not known beforehand.
    private readonly long seed = Random.Shared.NextInt64();

    public FeatureCache(RedisSettings settings, TimeProvider time)
    {
        (this.settings, this.time) = (settings, time);
        var bytes = (long)settings.CacheMegabytes << 20;
        var segments = (int)((bytes - (bytes / IndexShare)) / RecordLog.SegmentBytes);
        var ofHistories = segments / HistoryShare;
        (histories, profiles) = (new RecordLog(ofHistories), new RecordLog(segments - ofHistories));
        index = bytes == 0 ? null : new RecordIndex(bytes / IndexShare / RecordIndex.PlaceBytes);
    }

    /// <summary>Keys there are, those whose time is up or whose record gave way among them.</summary>
    public int Count => index?.Count ?? 0;

    /// <summary>The time, for <see cref="TryGet"/> and <see cref="Put"/>.</summary>
    public long Now => time.GetTimestamp();

    /// <summary>Answers all keys that it can. Returns where the others stand.</summary>
    public IReadOnlyList<int> Find(ReadOnlySpan<FeatureKey> keys, Span<FeatureValue> values)
    {
        if (index is null)
        {
            return [.. Enumerable.Range(0, keys.Length)];
        }

        List<int>? others = null;
        Span<UInt128> hashes = stackalloc UInt128[Together];
        var now = Now;
        for (var from = 0; from < keys.Length; from += Together)
        {
            var some = hashes[..Math.Min(Together, keys.Length - from)];
            for (var i = 0; i < some.Length; i++)
            {
                some[i] = HashOf(keys[from + i]);
                index.Prefetch(some[i]);
            }

            for (var i = 0; i < some.Length; i++)
            {
                if (!TryRead(some[i], keys[from + i].Group, now, out values[from + i]))
                {
                    (others ??= []).Add(from + i);
                }
            }
        }

        return others ?? (IReadOnlyList<int>)[];
    }

    /// <summary>Answers one key, if it can.</summary>
    public bool TryGet(FeatureKey key, long now, out FeatureValue value)
    {
        value = default;
        return index is not null && TryRead(HashOf(key), key.Group, now, out value);
    }

    /// <summary>Keeps what was read of a key.</summary>
    public void Put(FeatureKey key, FeatureValue value, long now)
    {
        if (index is null || value.Status == FeatureStatus.Unavailable)
        {
            return;
        }

        if (value.Record.Length > RecordLog.SegmentBytes)
        {
            Forget(key);
            return;
        }

        var hash = HashOf(key);
        var ends = now + (long)(LifetimeOf(key, value).TotalSeconds * time.TimestampFrequency);
        lock (writing)
        {
            index.Put(hash, value.Status == FeatureStatus.Found ? Keep(hash, LogOf(key.Group), value.Record.Span) : 0, ends);
        }
    }

    /// <summary>What was read of a key does not hold any more.</summary>
    public void Forget(FeatureKey key)
    {
        lock (writing)
        {
            index?.Remove(HashOf(key));
        }
    }

    private bool TryRead(UInt128 hash, FeatureGroup group, long now, out FeatureValue value)
    {
        value = default;
        if (!index!.TryGet(hash, out var location, out var ends) || ends <= now)
        {
            return false;
        }

        if (location == 0)
        {
            return true;
        }

        if (!LogOf(group).TryRead(location, out var record))
        {
            return false;
        }

        value = new FeatureValue(FeatureStatus.Found, record);
        Prefetch(record.Span);
        return true;
    }

    // Where it stands already, unless it is another one by now or its segment would soon give way.
    private ulong Keep(UInt128 hash, RecordLog log, ReadOnlySpan<byte> record) =>
        index!.TryGet(hash, out var location, out _) && location != 0 && !log.IsOld(location)
            && log.TryRead(location, out var kept) && kept.Span.SequenceEqual(record) ? location : log.Append(record);

    private RecordLog LogOf(FeatureGroup group) => group == FeatureGroup.History ? histories : profiles;

    // A history moves by the second: whether there is one is as old as what it says.
    private TimeSpan LifetimeOf(FeatureKey key, FeatureValue value) =>
        key.Group == FeatureGroup.History ? settings.CacheHistoryFor : value.Status == FeatureStatus.Found ? settings.CacheFor : settings.CacheMissingFor;

    private UInt128 HashOf(FeatureKey key)
    {
        var kind = ((long)key.Entity << 1) | (long)key.Group;
        var history = key.History.Length == 0 ? 0 : (long)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(key.History.AsSpan()), seed);
        return XxHash128.HashToUInt128(MemoryMarshal.AsBytes(key.Id.AsSpan()), seed ^ kind ^ (history << 2));
    }

    // A request reads it soon.
    private static void Prefetch(ReadOnlySpan<byte> record)
    {
        fixed (byte* first = record)
        {
            for (var at = 0; Sse.IsSupported && at < Math.Min(record.Length, 4 * Line); at += Line)
            {
                Sse.Prefetch0(first + at);
            }
        }
    }
}
