using Ranking.Core;

namespace Ranking.Standalone;

/// <summary>A record on its way to the log.</summary>
/// <param name="Topic">Where to.</param>
/// <param name="Event">The record.</param>
/// <param name="Time">When the log gets it, Unix milliseconds.</param>
public readonly record struct Arrival(LogTopic Topic, LogEvent Event, long Time);

/// <summary>Records on their way, taken in the order in which they arrive; of one time, in the order of sending.</summary>
internal sealed class ArrivalQueue
{
    private readonly PriorityQueue<Arrival, (long Time, long Order)> queue = new();
    private long order;

    public void Add(LogTopic topic, LogEvent record, long time) => queue.Enqueue(new Arrival(topic, record, time), (time, order++));

    /// <summary>Takes the next record that has arrived by a time.</summary>
    public bool TryTake(long until, out Arrival arrival)
    {
        if (queue.TryPeek(out arrival, out _) && arrival.Time <= until)
        {
            queue.Dequeue();
            return true;
        }

        return false;
    }
}
