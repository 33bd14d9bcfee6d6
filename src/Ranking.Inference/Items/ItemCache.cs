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
    private const int Ways = 8;
    private const int Line = 16;

    // A set is its lock, the number of each place's last use (0 is empty), how many hold each place, the keys, and the values,
    // each from a cache line on.
    private const int HoldsAt = 1 + Ways;
    private const int KeysAt = 2 * Line;
    private const int ValuesAt = KeysAt + (Ways * 4);
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
        stride = (width + Line - 1) / Line * Line;
        setWidth = ValuesAt + ((long)Ways * stride);
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
            var set = SetOf(key);
            for (var number = 0; number < ValuesAt; number += Line)
            {
                Sse.Prefetch0(set + number);
            }
        }
    }

    /// <summary>Holds an item's values, which stay where they are until it is let go; null where they are not there.</summary>
    /// <param name="key">The item.</param>
    /// <param name="hold">For <see cref="LetGo"/>.</param>
    public float* TryHold(UInt128 key, out nint hold)
    {
        var set = Lock(key);
        var place = PlaceOf(set, key);
        hold = 0;
        float* values = null;
        if (place >= 0)
        {
            Touch(set, place);
            var holds = (int*)set + HoldsAt + place;
            Interlocked.Increment(ref *holds);
            hold = (nint)holds;
            values = ValuesOf(set, place);
        }

        Unlock(set);
        return values;
    }

    /// <summary>An item is not read any more.</summary>
    public static void LetGo(nint hold) => Interlocked.Decrement(ref *(int*)hold);

    /// <summary>Keeps an item's values, unless all places for it are held.</summary>
    public void Write(UInt128 key, ReadOnlySpan<float> item)
    {
        var set = Lock(key);
        var place = PlaceOf(set, key) < 0 ? Oldest(set) : -1;
        if (place >= 0)
        {
            KeysOf(set)[place] = key;
            Touch(set, place);
            item.CopyTo(new Span<float>(ValuesOf(set, place), width));
        }

        Unlock(set);
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

    private static int PlaceOf(float* set, UInt128 key)
    {
        var keys = (UInt128*)(set + KeysAt);
        for (var place = 0; place < Ways; place++)
        {
            if (keys[place] == key && StampsOf(set)[place] > 0)
            {
                return place;
            }
        }

        return -1;
    }

    // Of those that nobody holds; −1 where there is none.
    private static int Oldest(float* set)
    {
        var stamps = StampsOf(set);
        var oldest = -1;
        for (var place = 0; place < Ways; place++)
        {
            if (Volatile.Read(ref *((int*)set + HoldsAt + place)) == 0 && (oldest < 0 || stamps[place] < stamps[oldest]))
            {
                oldest = place;
            }
        }

        return oldest;
    }

    // The places' last uses are numbered; the numbers begin anew before they run out.
    private static void Touch(float* set, int used)
    {
        var stamps = StampsOf(set);
        var last = 0;
        foreach (var stamp in stamps)
        {
            last = Math.Max(last, stamp);
        }

        if (last == int.MaxValue)
        {
            stamps.Fill(1);
            last = 1;
        }

        stamps[used] = last + 1;
    }

    private static Span<int> StampsOf(float* set) => new((int*)set + 1, Ways);

    private static Span<UInt128> KeysOf(float* set) => new((UInt128*)(set + KeysAt), Ways);

    private float* ValuesOf(float* set, int place) => set + ValuesAt + ((long)place * stride);

    // One of the sets, whose key's share of all keys it is.
    private float* SetOf(UInt128 key) => memory.Numbers + ((long)Math.BigMul((ulong)key, (ulong)sets, out _) * setWidth);

    private float* Lock(UInt128 key)
    {
        var set = SetOf(key);
        var wait = default(SpinWait);
        while (Interlocked.CompareExchange(ref *(int*)set, 1, 0) != 0)
        {
            wait.SpinOnce();
        }

        return set;
    }

    private static void Unlock(float* set) => Volatile.Write(ref *(int*)set, 0);
}
