namespace Ranking.Inference;

/// <summary>
/// What a model computes of items alone, by what the encoder gave of them: the same bits as computing it again. Bounded in
/// bytes, outside the managed heap; each key has eight places, of which the one not read for longest is given up. Safe
/// for any number of threads.
/// </summary>
internal sealed unsafe class ItemCache : IDisposable
{
    private const int Ways = 8;
    private const int Line = 16;

    // A set is its lock, the number of each place's last use (0 is empty), the keys, and the values, each from a cache line on.
    private const int KeysAt = Line;
    private const int ValuesAt = KeysAt + (Ways * 4);
    private readonly int width;
    private readonly long setWidth;
    private readonly long sets;
    private readonly NativeFloats memory;
    private long hits;
    private long misses;

    /// <param name="width">Numbers of an item.</param>
    /// <param name="limit">Bytes at most, of which eight items have to fit.</param>
    public ItemCache(int width, long limit)
    {
        this.width = width;
        setWidth = (ValuesAt + ((long)Ways * width) + Line - 1) / Line * Line;
        sets = Math.Max(1, limit / (setWidth * sizeof(float)));
        memory = new NativeFloats(sets * setWidth);
    }

    /// <summary>How many candidates found their item.</summary>
    public long Hits => Volatile.Read(ref hits);

    /// <summary>For how many it was computed.</summary>
    public long Misses => Volatile.Read(ref misses);

    /// <summary>Counts what a block of candidates found: one by one, threads would stand in each other's way.</summary>
    public void Count(int found, int computed)
    {
        Interlocked.Add(ref hits, found);
        Interlocked.Add(ref misses, computed);
    }

    /// <summary>Copies an item's values; false where it is not there.</summary>
    public bool TryRead(UInt128 key, Span<float> item)
    {
        var set = Lock(key);
        var place = PlaceOf(set, key);
        if (place >= 0)
        {
            Touch(set, place);
            ValuesOf(set, place).CopyTo(item);
        }

        Unlock(set);
        return place >= 0;
    }

    /// <summary>Keeps an item's values.</summary>
    public void Write(UInt128 key, ReadOnlySpan<float> item)
    {
        var set = Lock(key);
        var place = PlaceOf(set, key);
        if (place < 0)
        {
            var stamps = StampsOf(set);
            place = 0;
            for (var other = 1; other < Ways; other++)
            {
                place = stamps[other] < stamps[place] ? other : place;
            }
        }

        KeysOf(set)[place] = key;
        Touch(set, place);
        item.CopyTo(ValuesOf(set, place));
        Unlock(set);
    }

    /// <inheritdoc/>
    public void Dispose() => memory.Dispose();

    private static int PlaceOf(float* set, UInt128 key)
    {
        var place = KeysOf(set).IndexOf(key);
        return place >= 0 && StampsOf(set)[place] > 0 ? place : -1;
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

    private Span<float> ValuesOf(float* set, int place) => new(set + ValuesAt + ((long)place * width), width);

    // One of the sets, whose key's share of all keys it is.
    private float* Lock(UInt128 key)
    {
        var set = memory.Numbers + ((long)(((UInt128)(ulong)key * (ulong)sets) >> 64) * setWidth);
        var wait = default(SpinWait);
        while (Interlocked.CompareExchange(ref *(int*)set, 1, 0) != 0)
        {
            wait.SpinOnce();
        }

        return set;
    }

    private static void Unlock(float* set) => Volatile.Write(ref *(int*)set, 0);
}
