using Ranking.Core;

namespace Ranking.Events;

/// <summary>What of a fold's state has changed and is to be stored.</summary>
/// <param name="Position">The place in the log that all of it is of.</param>
/// <param name="Users">By <see cref="LogEvent.EntityKey"/>, the state of users.</param>
/// <param name="Items">The state of items.</param>
/// <param name="Attributes">The state of keys that belong to neither; only with the last part of what has changed.</param>
/// <param name="IsLast">Whether nothing that changed is left to be told.</param>
public sealed record HistoryState(
    HistoryPosition Position, IReadOnlyList<(ulong Owner, byte[] State)> Users, IReadOnlyList<(ulong Owner, byte[] State)> Items,
    IReadOnlyList<AttributeRow> Attributes, bool IsLast);

/// <summary>Follows a fold and gives out what has changed, as absolute state. Used on the fold's thread.</summary>
public sealed class HistoryExport
{
    private readonly HistoryFold fold;
    private readonly HistoryChanges changes;
    private readonly EntityHistoryWriter writer = new();

    /// <param name="fold">The fold.</param>
    /// <param name="storedThrough">How far what is stored already is; null where nothing is.</param>
    public HistoryExport(HistoryFold fold, HistoryPosition? storedThrough)
    {
        this.fold = fold;
        // What changed after a place became visible at its order time or later.
        changes = fold.Watch(storedThrough?.OrderTime ?? long.MinValue);
    }

    /// <summary>Whether anything has changed that was not told yet.</summary>
    public bool IsEmpty => changes.IsEmpty;

    /// <summary>How far the fold is.</summary>
    public HistoryPosition Position => fold.Position;

    /// <summary>What has changed and was not told yet.</summary>
    /// <param name="atMost">How many users and items at most; what is left comes with the next call.</param>
    public HistoryState Take(int atMost)
    {
        var users = Take(changes.Users, TableOwner.User, atMost);
        var items = Take(changes.Items, TableOwner.Item, atMost - users.Count);
        var isLast = changes.Users.Count + changes.Items.Count == 0;
        AttributeRow[] attributes = isLast ? [.. changes.Attributes.Select(fold.RowOf)] : [];
        if (isLast)
        {
            changes.Attributes.Clear();
        }

        return new HistoryState(fold.Position, users, items, attributes, isLast);
    }

    /// <summary>Takes back what could not be stored: it will be told again, as it stands then.</summary>
    public void Return(HistoryState state)
    {
        changes.Users.UnionWith(state.Users.Select(user => user.Owner));
        changes.Items.UnionWith(state.Items.Select(item => item.Owner));
        changes.Attributes.UnionWith(state.Attributes.Select(row => (row.Table, row.Key)));
    }

    private List<(ulong Owner, byte[] State)> Take(HashSet<ulong> changed, TableOwner owner, int atMost)
    {
        var taken = changed.Take(atMost).ToArray();
        changed.ExceptWith(taken);
        return [.. taken.Select(key => (key, fold.Store(owner, key, writer)))];
    }
}
