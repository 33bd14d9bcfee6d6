using System.Runtime.InteropServices;

namespace Ranking.Inference;

/// <summary>
/// What stands before the values of a set of kept items: three cache lines, which is what looking an item up reads. All but
/// <see cref="Lock"/> is for who has locked it.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal unsafe struct ItemSet
{
    /// <summary>Items of a set.</summary>
    public const int Places = 8;

    /// <summary>Bytes before the values.</summary>
    public const int Bytes = 3 * Line;

    /// <summary>Bytes of a cache line.</summary>
    public const int Line = 64;

    private const int KeysAt = Line / sizeof(ulong) / 2;

    private int isLocked;

    // The number of each place's last use; 0 is an empty place.
    private fixed int uses[Places];
    private fixed ushort holds[Places];
    private byte unknown;

    /// <summary>Waits until nobody else has locked it.</summary>
    public static void Lock(ItemSet* set)
    {
        var wait = default(SpinWait);
        while (Interlocked.CompareExchange(ref set->isLocked, 1, 0) != 0)
        {
            wait.SpinOnce();
        }
    }

    public static void Unlock(ItemSet* set) => Volatile.Write(ref set->isLocked, 0);

    /// <summary>Where an item is; −1 where it is not.</summary>
    public static int PlaceOf(ItemSet* set, UInt128 key)
    {
        var keys = KeysOf(set);
        for (var place = 0; place < Places; place++)
        {
            if (keys[place] == key && set->uses[place] > 0)
            {
                return place;
            }
        }

        return -1;
    }

    /// <summary>Of the places that nobody holds the one not used for longest; −1 where there is none.</summary>
    public static int Oldest(ItemSet* set)
    {
        var oldest = -1;
        for (var place = 0; place < Places; place++)
        {
            if (set->holds[place] == 0 && (oldest < 0 || set->uses[place] < set->uses[oldest]))
            {
                oldest = place;
            }
        }

        return oldest;
    }

    /// <summary>An item takes the place.</summary>
    public static void Put(ItemSet* set, int place, UInt128 key, bool isUnknown)
    {
        KeysOf(set)[place] = key;
        var bit = 1 << place;
        set->unknown = (byte)(isUnknown ? set->unknown | bit : set->unknown & ~bit);
        Touch(set, place);
    }

    /// <summary>Holds the item there. Returns whether its id is unknown.</summary>
    public static bool Hold(ItemSet* set, int place)
    {
        Touch(set, place);
        set->holds[place]++;
        return (set->unknown & (1 << place)) != 0;
    }

    /// <summary>Ends such a hold.</summary>
    public static void LetGo(ItemSet* set, int place) => set->holds[place]--;

    private static UInt128* KeysOf(ItemSet* set) => (UInt128*)set + KeysAt;

    // Uses are numbered; the numbers begin anew before they run out.
    private static void Touch(ItemSet* set, int used)
    {
        var last = 0;
        for (var place = 0; place < Places; place++)
        {
            last = Math.Max(last, set->uses[place]);
        }

        if (last == int.MaxValue)
        {
            new Span<int>(set->uses, Places).Fill(1);
            last = 1;
        }

        set->uses[used] = last + 1;
    }
}
