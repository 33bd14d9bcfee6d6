using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Ranking.FeatureStore;

/// <summary>
/// Where the record of each key stands and until when, in sets of eight places, with no object for the collector to follow: a
/// lookup reads the three cache lines of a set, and many lookups can have theirs under way together. Writing is for one thread
/// at a time, reading for any number. Of a key's 128 bits a place keeps 63, and which set it is in says the first of the
/// others.
/// </summary>
internal sealed unsafe class RecordIndex
{
    /// <summary>Bytes of a place.</summary>
    public const int PlaceBytes = 3 * sizeof(ulong);

    private const int Places = 8;
    private const int Line = 64;

    // Of each set the lower halves of its keys, 0 where there is none; until when each holds; where each record stands.
    private const int EndsAt = Places;
    private const int LocationsAt = 2 * Places;
    private const int SetLength = 3 * Places;

    // Pinned: what is asked for ahead is asked for by its address.
    private readonly ulong[] memory;
    private readonly ulong* sets;
    private readonly ulong count;

    /// <param name="places">How many records at most; at least eight.</param>
    public RecordIndex(long places)
    {
        count = (ulong)Math.Max(1, places / Places);
        memory = GC.AllocateArray<ulong>(checked((int)(count * SetLength)) + (Line / sizeof(ulong)), pinned: true);
        sets = (ulong*)(((nuint)Unsafe.AsPointer(ref memory[0]) + (Line - 1)) & ~(nuint)(Line - 1));
    }

    /// <summary>How many keys there are, those whose record gave way among them.</summary>
    public int Count { get; private set; }

    /// <summary>Asks for what <see cref="TryGet"/> reads of a key.</summary>
    public void Prefetch(UInt128 key)
    {
        if (Sse.IsSupported)
        {
            var set = SetOf(key);
            Sse.Prefetch0(set);
            Sse.Prefetch0(set + EndsAt);
            Sse.Prefetch0(set + LocationsAt);
        }
    }

    /// <summary>What was last put for a key.</summary>
    public bool TryGet(UInt128 key, out ulong location, out long ends)
    {
        var set = SetOf(key);
        var place = PlaceOf(set, TagOf(key));
        if (place < 0)
        {
            (location, ends) = (0, 0);
            return false;
        }

        // The end first, which is written last: who sees a new one sees what it holds for. Then the place must still be the
        // key's, and must not have been another's meanwhile: no location is given twice.
        ends = (long)Volatile.Read(ref set[EndsAt + place]);
        location = Volatile.Read(ref set[LocationsAt + place]);
        return Volatile.Read(ref set[place]) == TagOf(key) && Volatile.Read(ref set[LocationsAt + place]) == location;
    }

    /// <summary>Puts a key's record in its place, or in that of the key of its set whose time is up first.</summary>
    public void Put(UInt128 key, ulong location, long ends)
    {
        var set = SetOf(key);
        var tag = TagOf(key);
        var place = PlaceOf(set, tag);
        if (place < 0)
        {
            place = FirstToEnd(set);
            Count += set[place] == 0 ? 1 : 0;
            Volatile.Write(ref set[place], 0);
        }

        Volatile.Write(ref set[LocationsAt + place], location);
        Volatile.Write(ref set[EndsAt + place], (ulong)ends);
        Volatile.Write(ref set[place], tag);
    }

    /// <summary>A key is not found from here on.</summary>
    public void Remove(UInt128 key)
    {
        var set = SetOf(key);
        if (PlaceOf(set, TagOf(key)) is var place and >= 0)
        {
            Volatile.Write(ref set[place], 0);
            set[EndsAt + place] = 0;
            Count--;
        }
    }

    private static int FirstToEnd(ulong* set)
    {
        var first = 0;
        for (var place = 1; place < Places; place++)
        {
            first = set[EndsAt + place] < set[EndsAt + first] ? place : first;
        }

        return first;
    }

    private static int PlaceOf(ulong* set, ulong tag)
    {
        for (var place = 0; place < Places; place++)
        {
            if (Volatile.Read(ref set[place]) == tag)
            {
                return place;
            }
        }

        return -1;
    }

    // 0 is an empty place.
    private static ulong TagOf(UInt128 key) => (ulong)key | 1;

    private ulong* SetOf(UInt128 key) => sets + (Math.BigMul((ulong)(key >> 64), count, out _) * SetLength);
}
