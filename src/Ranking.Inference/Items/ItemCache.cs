using System.Runtime.Intrinsics.X86;

namespace Ranking.Inference;

/// <summary>
/// What a model computes of items alone, by what the encoder gave of them: the same bits as computing it again. Bounded in
/// bytes, outside the managed heap; each key has eight places, of which the one not read for longest is given up. Who reads
/// an item holds its place, so that nothing is copied. Safe for any number of threads.
/// </summary>
/// <remarks>
/// Versions of a model that are served after one another share it, each with keys of its own: what the last one kept gives way
/// as the next one's comes, and no memory is taken anew, of which each page costs the request that touches it first.
/// </remarks>
internal sealed unsafe class ItemCache : IDisposable
{
    // Of each set what ItemSet says, and then the values of its items, each from a cache line on.
    private const int NumbersOfALine = ItemSet.Line / sizeof(float);
    private const int ValuesAt = ItemSet.Bytes / sizeof(float);
    private readonly int width;
    private readonly int stride;
    private readonly long setWidth;
    private readonly long sets;
    private readonly NativeFloats memory;
    private int owners = 1;
    private long hits;
    private long misses;

    /// <param name="width">Numbers of an item.</param>
    /// <param name="limit">Bytes at most, of which eight items have to fit.</param>
    public ItemCache(int width, long limit)
    {
        this.width = width;
        stride = (width + NumbersOfALine - 1) / NumbersOfALine * NumbersOfALine;
        setWidth = ValuesAt + ((long)ItemSet.Places * stride);
        sets = SetsOf(limit);
        memory = new NativeFloats(sets * setWidth);
    }

    /// <summary>Another owner's hold on it, which ends with <see cref="Dispose"/>; null where it is of another size.</summary>
    /// <param name="itemWidth">Numbers of the owner's items.</param>
    /// <param name="limit">Bytes at most.</param>
    public ItemCache? TryShare(int itemWidth, long limit)
    {
        if (itemWidth != width || SetsOf(limit) != sets)
        {
            return null;
        }

        Interlocked.Increment(ref owners);
        return this;
    }

    /// <summary>How many candidates found their item.</summary>
    public long Hits => Volatile.Read(ref hits);

    /// <summary>For how many it was computed.</summary>
    public long Misses => Volatile.Read(ref misses);

    /// <summary>Counts what some candidates found: one by one, threads would stand in each other's way.</summary>
    public void Count(int found, int computed)
    {
        Interlocked.Add(ref hits, found);
        Interlocked.Add(ref misses, computed);
    }

    /// <summary>Asks for what <see cref="TryHold"/> reads of a key.</summary>
    public void Prefetch(UInt128 key)
    {
        if (Sse.IsSupported)
        {
            var set = (byte*)SetOf(key);
            for (var at = 0; at < ItemSet.Bytes; at += ItemSet.Line)
            {
                Sse.Prefetch0(set + at);
            }
        }
    }

    /// <summary>Holds an item's values, which stay where they are until it is let go; null where they are not there.</summary>
    /// <param name="key">The item.</param>
    /// <param name="hold">For <see cref="LetGo"/>.</param>
    /// <param name="isUnknown">Whether its id is unknown.</param>
    public float* TryHold(UInt128 key, out nint hold, out bool isUnknown)
    {
        var set = SetOf(key);
        ItemSet.Lock(set);
        var place = ItemSet.PlaceOf(set, key);
        isUnknown = place >= 0 && ItemSet.Hold(set, place);
        ItemSet.Unlock(set);
        hold = (nint)set + place;
        return place >= 0 ? ValuesOf(set, place) : null;
    }

    /// <summary>An item is not read any more.</summary>
    public static void LetGo(nint hold)
    {
        // A set begins at a cache line: below that stands the place.
        var set = (ItemSet*)(hold & ~(nint)(ItemSet.Line - 1));
        ItemSet.Lock(set);
        ItemSet.LetGo(set, (int)(hold - (nint)set));
        ItemSet.Unlock(set);
    }

    /// <summary>Keeps an item's values, unless all places for it are held.</summary>
    public void Write(UInt128 key, ReadOnlySpan<float> item, bool isUnknown)
    {
        var set = SetOf(key);
        ItemSet.Lock(set);
        var place = ItemSet.PlaceOf(set, key) < 0 ? ItemSet.Oldest(set) : -1;
        if (place >= 0)
        {
            ItemSet.Put(set, place, key, isUnknown);
            item.CopyTo(new Span<float>(ValuesOf(set, place), width));
        }

        ItemSet.Unlock(set);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref owners) == 0)
        {
            memory.Dispose();
        }
    }

    private long SetsOf(long limit) => Math.Max(1, limit / (setWidth * sizeof(float)));

    private float* ValuesOf(ItemSet* set, int place) => (float*)set + ValuesAt + ((long)place * stride);

    // One of the sets, whose key's share of all keys it is.
    private ItemSet* SetOf(UInt128 key) => (ItemSet*)(memory.Numbers + ((long)Math.BigMul((ulong)key, (ulong)sets, out _) * setWidth));
}
