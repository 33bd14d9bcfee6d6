using System.Runtime.InteropServices;

namespace Ranking.Events;

/// <summary>To whom the keys of a table belong: with whose features their rows are kept and read.</summary>
internal enum TableOwner : byte
{
    /// <summary>No one user or item: an author, a tag, everything.</summary>
    Attribute = 0,

    /// <summary>A user, alone or together with something else.</summary>
    User = 1,

    /// <summary>An item, alone or together with something other than a user.</summary>
    Item = 2,
}

/// <summary>Rows of numbers by key. A key that was not touched for the declared time is as one never seen.</summary>
/// <param name="number">Its number among the tables of all statistics.</param>
/// <param name="owner">To whom its keys belong.</param>
/// <param name="expire">How long a key lives without events, in milliseconds.</param>
internal sealed class KeyTable(int number, TableOwner owner, long expire)
{
    private const int SegmentRows = 1024;
    private const int None = -1;

    private readonly Dictionary<ulong, int> rows = [];
    private readonly Dictionary<ulong, int> firstOfOwner = [];
    private readonly List<double[]> segments = [];
    private readonly List<Head> heads = [];
    private readonly Stack<int> free = [];
    private int cursor;

    public int Number => number;

    public TableOwner Owner => owner;

    public long Expire => expire;

    /// <summary>Numbers of a row; fixed once the first key has come.</summary>
    public int Width { get; set; }

    /// <summary>Hears of every key that changes; null where nobody listens.</summary>
    public HistoryChanges? Changes { get; set; }

    /// <summary>Keys held.</summary>
    public int Count => rows.Count;

    /// <summary>The numbers of a key as of a time; empty where it has none.</summary>
    public ReadOnlySpan<double> Read(ulong key, long time) =>
        rows.TryGetValue(key, out var row) && heads[row].Touched + expire >= time ? Row(row) : default;

    /// <summary>The numbers of a key, zeros where it is new, to be changed by an event of that time.</summary>
    public Span<double> Touch(ulong key, EventOwners of, long time)
    {
        Sweep(time);
        var ownedBy = owner == TableOwner.User ? of.User : of.Item;
        if (!rows.TryGetValue(key, out var row))
        {
            row = Add(key, ownedBy);
        }
        else if (heads[row].Touched + expire < time)
        {
            Row(row).Clear();
        }

        CollectionsMarshal.AsSpan(heads)[row].Touched = time;
        Changes?.Note(this, key, ownedBy);
        return Row(row);
    }

    /// <summary>When a key was last touched, and its numbers; false where there is no such key.</summary>
    public bool TryFind(ulong key, out long touched, out ReadOnlySpan<double> numbers)
    {
        var isThere = rows.TryGetValue(key, out var row);
        touched = isThere ? heads[row].Touched : 0;
        numbers = isThere ? Row(row) : default;
        return isThere;
    }

    /// <summary>The keys of a user or an item, ascending.</summary>
    public List<ulong> KeysOf(ulong ownedBy)
    {
        var keys = new List<ulong>();
        for (var row = firstOfOwner.GetValueOrDefault(ownedBy, None); row != None; row = heads[row].NextOfOwner)
        {
            keys.Add(heads[row].Key);
        }

        keys.Sort();
        return keys;
    }

    /// <summary>Tells the listener of all keys that were touched at a time or later.</summary>
    public void NoteSince(long time)
    {
        foreach (var (key, row) in rows)
        {
            if (heads[row].Touched >= time)
            {
                Changes!.Note(this, key, heads[row].Owner);
            }
        }
    }

    /// <summary>Writes the keys, ascending, with their numbers: the same bytes whatever the order in which they came.</summary>
    public void Write(EntryWriter writer)
    {
        writer.Write(rows.Count);
        foreach (var (key, row) in rows.OrderBy(pair => pair.Key))
        {
            writer.Write(key);
            writer.Write(heads[row].Touched);
            writer.Write(heads[row].Owner);
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
            var (key, touched, ownedBy) = (reader.ReadUInt64(), reader.ReadInt64(), reader.ReadUInt64());
            var row = Add(key, ownedBy);
            CollectionsMarshal.AsSpan(heads)[row].Touched = touched;
            foreach (ref var number in Row(row))
            {
                number = reader.ReadDouble();
            }
        }
    }

    private Span<double> Row(int row) => segments[row / SegmentRows].AsSpan(row % SegmentRows * Width, Width);

    private int Add(ulong key, ulong ownedBy)
    {
        var row = free.TryPop(out var given) ? given : Append();
        rows[key] = row;
        var next = None;
        if (owner != TableOwner.Attribute)
        {
            next = firstOfOwner.GetValueOrDefault(ownedBy, None);
            firstOfOwner[ownedBy] = row;
        }

        heads[row] = new Head(key, ownedBy) { NextOfOwner = next };
        return row;
    }

    private int Append()
    {
        if (heads.Count % SegmentRows == 0)
        {
            segments.Add(new double[SegmentRows * Width]);
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
            var head = heads[cursor];
            if (head.Touched + expire < time && rows.TryGetValue(head.Key, out var row) && row == cursor)
            {
                Remove(cursor, head);
            }
        }
    }

    private void Remove(int row, in Head head)
    {
        rows.Remove(head.Key);
        if (owner != TableOwner.Attribute)
        {
            Unlink(row, head);
        }

        Row(row).Clear();
        heads[row] = default;
        free.Push(row);
        Changes?.Note(this, head.Key, head.Owner);
    }

    private void Unlink(int row, in Head head)
    {
        var all = CollectionsMarshal.AsSpan(heads);
        var before = firstOfOwner[head.Owner];
        if (before != row)
        {
            while (all[before].NextOfOwner != row)
            {
                before = all[before].NextOfOwner;
            }

            all[before].NextOfOwner = head.NextOfOwner;
        }
        else if (head.NextOfOwner == None)
        {
            firstOfOwner.Remove(head.Owner);
        }
        else
        {
            firstOfOwner[head.Owner] = head.NextOfOwner;
        }
    }

    /// <summary>Of a row, its key, to whom it belongs, and the next row of the same user or item.</summary>
    private record struct Head(ulong Key, ulong Owner)
    {
        public long Touched { get; set; }

        public int NextOfOwner { get; set; }
    }
}
