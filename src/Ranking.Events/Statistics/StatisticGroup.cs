using System.Collections.Immutable;

namespace Ranking.Events;

/// <summary>All statistics of one key: their slots stand side by side in the key's row.</summary>
/// <param name="place">The key's place among those that a <see cref="KeyReader"/> reads.</param>
/// <param name="features">The ids of the key's features.</param>
/// <param name="table">Where the rows are.</param>
internal sealed class StatisticGroup(int place, ImmutableArray<int> features, KeyTable table)
{
    private readonly Dictionary<object, StatisticSlot> byDeclaration = [];
    private readonly List<StatisticSlot> slots = [];

    public ImmutableArray<int> Features => features;

    public long Expire => table.Expire;

    /// <summary>The slot of a declaration, made where there is none yet; only before the first event.</summary>
    public TSlot Slot<TSlot>(object declaration, Func<TSlot> make)
        where TSlot : StatisticSlot
    {
        if (byDeclaration.TryGetValue(declaration, out var held))
        {
            return (TSlot)held;
        }

        var slot = make();
        slot.Offset = table.Width;
        table.Width += slot.Width;
        slots.Add(slot);
        byDeclaration.Add(declaration, slot);
        return slot;
    }

    /// <summary>Takes in what becomes visible after that lag.</summary>
    public void Fold(in StatisticEvent seen, long lag, long time)
    {
        Span<double> row = default;
        foreach (var slot in slots)
        {
            if (slot.Lag == lag && slot.Takes(seen.Event))
            {
                row = row.IsEmpty ? table.Touch(seen.Keys[place], seen.Owners, time) : row;
                slot.Fold(row.Slice(slot.Offset, slot.Width), seen, time);
            }
        }
    }

    /// <summary>The row of an impression's key as of a time; empty where it has none.</summary>
    public ReadOnlySpan<double> Row(IKeyRows rows, ulong[] keys, long time) => rows.Row(table, keys[place], time);
}
