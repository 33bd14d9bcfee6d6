namespace Ranking.Events;

/// <summary>Whose history has changed since it was last written out.</summary>
internal sealed class HistoryChanges
{
    public HashSet<ulong> Users { get; } = [];

    public HashSet<ulong> Items { get; } = [];

    public HashSet<(int Table, ulong Key)> Attributes { get; } = [];

    public bool IsEmpty => Users.Count + Items.Count + Attributes.Count == 0;

    /// <summary>A key of a table has changed.</summary>
    public void Note(KeyTable table, ulong key, ulong owner)
    {
        switch (table.Owner)
        {
            case TableOwner.User:
                Users.Add(owner);
                break;
            case TableOwner.Item:
                Items.Add(owner);
                break;
            default:
                Attributes.Add((table.Number, key));
                break;
        }
    }
}
