using Ranking.Core;

namespace Ranking.Events;

/// <summary>Keeps the records of one event, their settlements, and the examples of its impression.</summary>
internal sealed class EventWatch(string requestId, string itemId, string? name) : IJoinOutput, IEntityTables
{
    private readonly UInt128 impression = LogEvent.ImpressionKey(requestId, itemId);

    public List<MergedEvent> Records { get; } = [];

    public Dictionary<LogPosition, Settlement> Settlements { get; } = [];

    public List<Example> Examples { get; } = [];

    /// <summary>When the impression was shown; null where none came.</summary>
    public long? Shown { get; private set; }

    public void Watch(in MergedEvent merged)
    {
        var (request, item, what) = merged.Entry.Event switch
        {
            ImpressionEvent shown => (shown.RequestId, shown.ItemId, null),
            OutcomeEvent outcome => (outcome.RequestId, outcome.ItemId, outcome.Name),
            _ => ("", "", null),
        };
        if (request != requestId || item != itemId)
        {
            return;
        }

        if (what == name)
        {
            Records.Add(merged);
        }

        if (what is null && merged.Fault is null)
        {
            Shown ??= merged.Entry.Event!.EventTime;
        }
    }

    public void Impression(in JoinedImpression impression)
    {
    }

    public void Example(Example example)
    {
        if (example.Impression == impression)
        {
            Examples.Add(example);
        }
    }

    public void Settled(in Settlement settlement)
    {
        var position = settlement.Position;
        if (Records.Exists(record => record.Entry.Position == position))
        {
            Settlements[position] = settlement;
        }
    }

    public ReadOnlyMemory<byte> User(string userId) => default;

    public ReadOnlyMemory<byte> Item(string itemId) => default;
}
