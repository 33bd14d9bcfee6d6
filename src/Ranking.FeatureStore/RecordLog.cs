namespace Ranking.FeatureStore;

/// <summary>
/// Records one after another in segments, of which the oldest gives way to the next. A record is read where it stands: no
/// copy is made for a reader, and who keeps a record keeps its segment. Appending is for one thread at a time, reading for any
/// number.
/// </summary>
/// <remarks>
/// The first segments are made at once, where the collector moves nothing: made as they fill, each would be copied on its way to
/// the old generation, and have that collected as it grows by them. Their memory is taken when it is written to.
/// </remarks>
internal sealed class RecordLog
{
    /// <summary>Bytes of a segment, and of a record at most.</summary>
    public const int SegmentBytes = ushort.MaxValue;

    private readonly Segment[] ring;
    private byte[] last = [];
    private uint number;
    private int used;

    /// <param name="segments">How many there are at most.</param>
    public RecordLog(int segments) =>
        ring = [.. Enumerable.Range(0, segments).Select(place => new Segment(place == 0 ? (uint)segments : (uint)place))];

    /// <summary>Keeps a copy of a record of at most <see cref="SegmentBytes"/>. Returns where it stands, never 0.</summary>
    public ulong Append(ReadOnlySpan<byte> record)
    {
        if (number == 0 || used + record.Length > last.Length)
        {
            (number, used) = (number + 1, 0);
            ref var next = ref ring[number % (uint)ring.Length];
            if (next.Number != number)
            {
                Volatile.Write(ref next, new Segment(number));
            }

            last = next.Bytes;
        }

        record.CopyTo(last.AsSpan(used));
        var location = ((ulong)number << 32) | ((uint)used << 16) | (ushort)record.Length;
        used += record.Length;
        return location;
    }

    /// <summary>Whether what stands there will give way before half of all records have.</summary>
    public bool IsOld(ulong location) => number - (uint)(location >> 32) >= (uint)ring.Length / 2;

    /// <summary>Reads a record, unless its segment gave way.</summary>
    public bool TryRead(ulong location, out ReadOnlyMemory<byte> record)
    {
        var wanted = (uint)(location >> 32);
        var segment = Volatile.Read(ref ring[wanted % (uint)ring.Length]);
        var isThere = segment.Number == wanted;
        record = isThere ? segment.Bytes.AsMemory((ushort)(location >> 16), (ushort)location) : default;
        return isThere;
    }

    private sealed class Segment(uint number)
    {
        public uint Number => number;

        public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(SegmentBytes, pinned: true);
    }
}
