using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Ranking.Learning;

/// <summary>
/// Key to row by open addressing with linear probing, in 1024 parts by the key's upper bits. A slot is a row's number
/// plus one; the key is compared in the row. Keys are hashes already.
/// </summary>
internal sealed unsafe class KeyIndex
{
    private const int PartBits = 10;
    private readonly Part[] parts = new Part[1 << PartBits];

    public int Find(RowTable rows, ulong key)
    {
        ref var part = ref parts[key >> (64 - PartBits)];
        if (part.Capacity == 0)
        {
            return -1;
        }

        for (var slot = Home(key, part.Capacity); part.Slots[slot] != 0; slot = Next(slot, part.Capacity))
        {
            var row = (int)(part.Slots[slot] - 1);
            if (rows.Head(row)->Key == key)
            {
                return row;
            }
        }

        return -1;
    }

    /// <summary>Asks for the slot where a key's search begins to be brought into the cache.</summary>
    public void PrefetchSlot(ulong key)
    {
        ref var part = ref parts[key >> (64 - PartBits)];
        if (Sse.IsSupported && part.Capacity > 0)
        {
            Sse.Prefetch0(part.Slots + Home(key, part.Capacity));
        }
    }

    /// <summary>Asks for the row that the slot names, which <see cref="PrefetchSlot"/> has brought.</summary>
    public void PrefetchRow(RowTable rows, ulong key)
    {
        ref var part = ref parts[key >> (64 - PartBits)];
        if (Sse.IsSupported && part.Capacity > 0 && part.Slots[Home(key, part.Capacity)] is var slot and > 0)
        {
            var row = (byte*)rows.Head((int)(slot - 1));
            Sse.Prefetch0(row);
            Sse.Prefetch0(row + rows.Stride - 1);
        }
    }

    public void Add(RowTable rows, int row)
    {
        var number = (int)(rows.Head(row)->Key >> (64 - PartBits));
        ref var part = ref parts[number];
        if ((part.Count + 1) * 10L > part.Capacity * 7L)
        {
            // First sizes are spread over an octave: the parts double at different times.
            Resize(rows, ref part, part.Capacity == 0 ? 8 + (number & 7) : part.Capacity * 2);
        }

        Place(rows, part, row);
        part.Count++;
    }

    /// <summary>Takes a row out and moves the rest of its run back: no tombstones.</summary>
    public void Remove(RowTable rows, int row)
    {
        var key = rows.Head(row)->Key;
        ref var part = ref parts[key >> (64 - PartBits)];
        var hole = Home(key, part.Capacity);
        while (part.Slots[hole] != (uint)row + 1)
        {
            hole = Next(hole, part.Capacity);
        }

        for (var slot = Next(hole, part.Capacity); part.Slots[slot] != 0; slot = Next(slot, part.Capacity))
        {
            var home = Home(rows.Head((int)(part.Slots[slot] - 1))->Key, part.Capacity);
            if (Distance(home, slot, part.Capacity) >= Distance(hole, slot, part.Capacity))
            {
                part.Slots[hole] = part.Slots[slot];
                hole = slot;
            }
        }

        part.Slots[hole] = 0;
        part.Count--;
    }

    /// <summary>Forgets everything and frees the memory.</summary>
    public void Clear()
    {
        foreach (ref var part in parts.AsSpan())
        {
            NativeMemory.Free(part.Slots);
            part = default;
        }
    }

    private static void Resize(RowTable rows, ref Part part, int capacity)
    {
        var old = part;
        part.Slots = (uint*)NativeMemory.AllocZeroed((nuint)capacity, sizeof(uint));
        part.Capacity = capacity;
        for (var slot = 0; slot < old.Capacity; slot++)
        {
            if (old.Slots[slot] != 0)
            {
                Place(rows, part, (int)(old.Slots[slot] - 1));
            }
        }

        NativeMemory.Free(old.Slots);
    }

    private static void Place(RowTable rows, Part part, int row)
    {
        var slot = Home(rows.Head(row)->Key, part.Capacity);
        while (part.Slots[slot] != 0)
        {
            slot = Next(slot, part.Capacity);
        }

        part.Slots[slot] = (uint)row + 1;
    }

    private static int Home(ulong key, int capacity) => (int)(((key & uint.MaxValue) * (ulong)capacity) >> 32);

    private static int Next(int slot, int capacity) => slot + 1 == capacity ? 0 : slot + 1;

    private static int Distance(int from, int to, int capacity) => to >= from ? to - from : to - from + capacity;

    private struct Part
    {
        public uint* Slots;
        public int Capacity;
        public int Count;
    }
}
