namespace Ranking.FeatureStore;

/// <summary>
/// Records one after another in segments, of which the oldest gives way to the next. A record is read where it stands: no
/// copy is made for a reader, and who keeps a record keeps its segment. Appending is for one thread at a time, reading for any
/// number.
/// </summary>
/// <param name="segments">How many there are at most.</param>
internal sealed class RecordLog(int segments)
{
    /// <summary>Bytes of a segment, and of a record at most.</summary>
    public const int SegmentBytes = ushort.MaxValue;

    private readonly Segment?[] ring = new Segment?[segments];
    private Segment last = new(0, []);
    private int used;

    /// <summary>Keeps a copy of a record of at most <see cref="SegmentBytes"/>. Returns where it stands, never 0.</summary>
    public ulong Append(ReadOnlySpan<byte> record)
    {
        if (used + record.Length > last.Bytes.Length || last.Number == 0)
        {
            (last, used) = (new Segment(last.Number + 1, new byte[SegmentBytes]), 0);
            Volatile.Write(ref ring[last.Number % (uint)ring.Length], last);
        }

        record.CopyTo(last.Bytes.AsSpan(used));
        var location = ((ulong)last.Number << 32) | ((uint)used << 16) | (ushort)record.Length;
        used += record.Length;
        return location;
    }

    /// <summary>Whether what stands there will give way before half of all records have.</summary>
    public bool IsOld(ulong location) => last.Number - (uint)(location >> 32) >= (uint)ring.Length / 2;

    /// <summary>Reads a record, unless its segment gave way.</summary>
    public bool TryRead(ulong location, out ReadOnlyMemory<byte> record)
    {
        var number = (uint)(location >> 32);
        var segment = Volatile.Read(ref ring[number % (uint)ring.Length]);
        var isThere = segment?.Number == number;
        record = isThere ? segment!.Bytes.AsMemory((ushort)(location >> 16), (ushort)location) : default;
        return isThere;
    }

    private sealed class Segment(uint number, byte[] bytes)
    {
        public uint Number => number;

        public byte[] Bytes => bytes;
    }
}
