namespace Ranking.Inference;

/// <summary>
/// What a model computes of items alone, by what the encoder gave of them: the same bits as computing it again. Bounded in
/// bytes, outside the managed heap; each key has eight places, of which the one not read for longest is given up. Safe
/// for any number of threads.
/// </summary>
internal sealed unsafe class ItemCache : IDisposable
{
    private const int Ways = 8;
    private readonly int width;
    private readonly NativeFloats values;
    private readonly UInt128[] keys;
    private readonly int[] stamps;
    private readonly int[] locks;
    private long hits;
    private long misses;

    /// <param name="width">Numbers of an item.</param>
    /// <param name="limit">Bytes at most, of which eight items have to fit.</param>
    public ItemCache(int width, long limit)
    {
        this.width = width;
        var sets = Math.Max(1, limit / BytesOf(width) / Ways);
        values = new NativeFloats(sets * Ways * width);
        (keys, stamps, locks) = (new UInt128[sets * Ways], new int[sets * Ways], new int[sets]);
    }

    /// <summary>How many items were found.</summary>
    public long Hits => Volatile.Read(ref hits);

    /// <summary>How many were not.</summary>
    public long Misses => Volatile.Read(ref misses);

    /// <summary>How many items there is room for.</summary>
    public int Capacity => keys.Length;

    /// <summary>Bytes that an item takes.</summary>
    public static long BytesOf(int width) => (width * sizeof(float)) + sizeof(ulong) + sizeof(ulong) + sizeof(int);

    /// <summary>Copies an item's values; false where it is not there.</summary>
    public bool TryRead(UInt128 key, Span<float> item)
    {
        var set = SetOf(key);
        Lock(set);
        for (var at = set * Ways; at < (set + 1) * Ways; at++)
        {
            if (keys[at] == key && stamps[at] != 0)
            {
                Touch(set, at);
                new ReadOnlySpan<float>(values.Numbers + ((nint)at * width), width).CopyTo(item);
                Unlock(set);
                Interlocked.Increment(ref hits);
                return true;
            }
        }

        Unlock(set);
        Interlocked.Increment(ref misses);
        return false;
    }

    /// <summary>Keeps an item's values.</summary>
    public void Write(UInt128 key, ReadOnlySpan<float> item)
    {
        var set = SetOf(key);
        Lock(set);
        var oldest = set * Ways;
        for (var at = set * Ways; at < (set + 1) * Ways; at++)
        {
            oldest = keys[at] == key || stamps[at] < stamps[oldest] ? at : oldest;
            if (keys[at] == key)
            {
                break;
            }
        }

        keys[oldest] = key;
        Touch(set, oldest);
        item.CopyTo(new Span<float>(values.Numbers + ((nint)oldest * width), width));
        Unlock(set);
    }

    /// <inheritdoc/>
    public void Dispose() => values.Dispose();

    private int SetOf(UInt128 key) => (int)(((UInt128)(ulong)key * (ulong)locks.Length) >> 64);

    // Places of a set are numbered by their last use; the numbers begin anew before they run out.
    private void Touch(int set, int used)
    {
        var places = stamps.AsSpan(set * Ways, Ways);
        var next = 0;
        foreach (var stamp in places)
        {
            next = Math.Max(next, stamp);
        }

        if (next == int.MaxValue)
        {
            places.Fill(1);
            next = 1;
        }

        stamps[used] = next + 1;
    }

    private void Lock(int set)
    {
        var wait = default(SpinWait);
        while (Interlocked.CompareExchange(ref locks[set], 1, 0) != 0)
        {
            wait.SpinOnce();
        }
    }

    private void Unlock(int set) => Volatile.Write(ref locks[set], 0);
}
