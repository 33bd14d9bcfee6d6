namespace Ranking.Events;

/// <summary>Rows of numbers by key. A key that was not touched for the declared time is as one never seen.</summary>
internal sealed class KeyTable(int width, long expire)
{
    private const int SegmentRows = 1024;

    private readonly Dictionary<ulong, int> rows = [];
    private readonly List<double[]> segments = [];
    private readonly List<(ulong Key, long Touched)> heads = [];
    private readonly Stack<int> free = [];
    private int cursor;

    /// <summary>Keys held.</summary>
    public int Count => rows.Count;

    /// <summary>The numbers of a key as of a time; empty where it has none.</summary>
    public ReadOnlySpan<double> Read(ulong key, long time) =>
        rows.TryGetValue(key, out var row) && heads[row].Touched + expire >= time ? Row(row) : default;

    /// <summary>The numbers of a key, zeros where it is new, to be changed by an event of that time.</summary>
    public Span<double> Touch(ulong key, long time)
    {
        Sweep(time);
        if (!rows.TryGetValue(key, out var row))
        {
            row = free.TryPop(out var given) ? given : Append();
            rows[key] = row;
        }
        else if (heads[row].Touched + expire < time)
        {
            Row(row).Clear();
        }

        heads[row] = (key, time);
        return Row(row);
    }

    /// <summary>Writes the keys, ascending, with their numbers: the same bytes whatever the order in which they came.</summary>
    public void Write(EntryWriter writer)
    {
        writer.Write(rows.Count);
        foreach (var (key, row) in rows.OrderBy(pair => pair.Key))
        {
            writer.Write(key);
            writer.Write(heads[row].Touched);
            foreach (var number in Row(row))
            {
                writer.Write(number);
            }
        }
    }

    /// <summary>Takes over what <see cref="Write"/> wrote.</summary>
    public void Read(EntryReader reader)
    {
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var (key, touched) = (reader.ReadUInt64(), reader.ReadInt64());
            var row = Append();
            rows[key] = row;
            heads[row] = (key, touched);
            foreach (ref var number in Row(row))
            {
                number = reader.ReadDouble();
            }
        }
    }

    private Span<double> Row(int row) => segments[row / SegmentRows].AsSpan(row % SegmentRows * width, width);

    private int Append()
    {
        if (heads.Count % SegmentRows == 0)
        {
            segments.Add(new double[SegmentRows * width]);
        }

        heads.Add(default);
        return heads.Count - 1;
    }

    // Looks at two rows for each event: what has expired is found long before as many new keys have come. Only memory
    // depends on it, not what is read.
    private void Sweep(long time)
    {
        for (var i = 0; i < 2 && heads.Count > 0; i++)
        {
            cursor = (cursor + 1) % heads.Count;
            var (key, touched) = heads[cursor];
            if (touched + expire < time && rows.TryGetValue(key, out var row) && row == cursor)
            {
                rows.Remove(key);
                Row(cursor).Clear();
                heads[cursor] = default;
                free.Push(cursor);
            }
        }
    }
}
