namespace Ranking.Events.Tests;

/// <summary>A spill that stays in memory, to test what is spilled without a disk.</summary>
internal sealed class MemorySpill : IJoinSpill
{
    private readonly SortedDictionary<JoinDue, (UInt128 Key, byte[] Entry)> byDue = [];
    private readonly Dictionary<UInt128, JoinDue> byKey = [];

    public int Puts { get; private set; }

    public JoinDue? Earliest => byDue.Count == 0 ? null : byDue.First().Key;

    public void Put(UInt128 key, JoinDue due, ReadOnlySpan<byte> entry)
    {
        byKey.Add(key, due);
        byDue.Add(due, (key, entry.ToArray()));
        Puts++;
    }

    public byte[]? Take(UInt128 key)
    {
        if (!byKey.Remove(key, out var due))
        {
            return null;
        }

        var entry = byDue[due].Entry;
        byDue.Remove(due);
        return entry;
    }

    public byte[] TakeEarliest() => Take(byDue.First().Value.Key)!;

    public IEnumerable<(JoinDue Due, byte[] Entry)> ReadAll() => byDue.Select(pair => (pair.Key, pair.Value.Entry));

    public void Clear()
    {
        byDue.Clear();
        byKey.Clear();
    }

    public void Dispose() => Clear();
}
