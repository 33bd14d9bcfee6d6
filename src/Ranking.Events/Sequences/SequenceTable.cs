namespace Ranking.Events;

/// <summary>The entries of one sequence by user. A user to whom none was added for the declared time is as one never seen.</summary>
internal sealed class SequenceTable(int last, long expire)
{
    private readonly Dictionary<ulong, int> rows = [];
    private readonly List<(ulong User, long Added, long Changed, UserEntries? Entries)> users = [];
    private readonly Stack<int> free = [];
    private int cursor;

    /// <summary>Users held.</summary>
    public int Count => rows.Count;

    /// <summary>Hears of every user whose entries change; null where nobody listens.</summary>
    public HistoryChanges? Changes { get; set; }

    /// <summary>The entries of a user as of a time; null where there are none.</summary>
    public UserEntries? Read(ulong user, long time) =>
        rows.TryGetValue(user, out var row) && users[row].Added + expire >= time ? users[row].Entries : null;

    /// <summary>A user's entries, and when the newest was added; null where there are none.</summary>
    public (long Added, UserEntries Entries)? Find(ulong user) =>
        rows.TryGetValue(user, out var row) ? (users[row].Added, users[row].Entries!) : null;

    /// <summary>Makes outcomes visible where the impression has an entry; false where it has none.</summary>
    public bool Mark(ulong user, ulong impression, uint outcomes, long time)
    {
        if (Read(user, time)?.Mark(impression, outcomes) != true)
        {
            return false;
        }

        var row = rows[user];
        users[row] = users[row] with { Changed = time };
        Changes?.Users.Add(user);
        return true;
    }

    /// <summary>Tells the listener of all users who changed at a time or later.</summary>
    public void NoteSince(long time) => Changes!.Users.UnionWith(users.Where(user => user.Entries is not null && user.Changed >= time).Select(user => user.User));

    /// <summary>Adds an entry at a time, or makes outcomes visible where the impression has one.</summary>
    public void Add(ulong user, in SequenceEntry entry, long time)
    {
        Sweep(time);
        if (Mark(user, entry.Impression, entry.Outcomes, time))
        {
            return;
        }

        var entries = Read(user, time) ?? new UserEntries(last);
        entries.Add(entry);
        if (!rows.TryGetValue(user, out var row))
        {
            row = free.TryPop(out var given) ? given : users.Count;
            if (row == users.Count)
            {
                users.Add(default);
            }

            rows[user] = row;
        }

        users[row] = (user, time, time, entries);
        Changes?.Users.Add(user);
    }

    /// <summary>Writes the users, ascending, with their entries, the oldest first: the same bytes whatever the order in which they came.</summary>
    public void Write(EntryWriter to)
    {
        to.Write(rows.Count);
        foreach (var (user, row) in rows.OrderBy(pair => pair.Key))
        {
            var entries = users[row].Entries!;
            to.Write(user);
            to.Write(users[row].Added);
            to.Write(users[row].Changed);
            to.Write(entries.Count);
            for (var n = entries.Count - 1; n >= 0; n--)
            {
                entries[n].Write(to);
            }
        }
    }

    /// <summary>Takes over what <see cref="Write"/> wrote.</summary>
    public void Read(EntryReader from)
    {
        for (var left = from.ReadInt32(); left > 0; left--)
        {
            var (user, added, changed, entries) = (from.ReadUInt64(), from.ReadInt64(), from.ReadInt64(), new UserEntries(last));
            for (var count = from.ReadInt32(); count > 0; count--)
            {
                entries.Add(SequenceEntry.Read(from));
            }

            rows[user] = users.Count;
            users.Add((user, added, changed, entries));
        }
    }

    // Looks at two users for each event: what has expired is found long before as many new users have come. Only memory
    // depends on it, not what is read.
    private void Sweep(long time)
    {
        for (var i = 0; i < 2 && users.Count > 0; i++)
        {
            cursor = (cursor + 1) % users.Count;
            var (user, added, _, entries) = users[cursor];
            if (entries is not null && added + expire < time)
            {
                rows.Remove(user);
                users[cursor] = default;
                free.Push(cursor);
                Changes?.Users.Add(user);
            }
        }
    }
}
