using Confluent.Kafka;
using Ranking.Core;

namespace Ranking.Streaming;

/// <summary>One partition that is read, up to an end where the read is bounded.</summary>
internal sealed class KafkaPartition(LogPosition start, long? end, TopicPartition name)
{
    private bool hasEndRecord;

    public LogPartition Partition => start.Partition;

    public LogPosition Start => start;

    public TopicPartition Name => name;

    /// <summary>Whether a bounded read has reached the partition's end.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>How many offsets a bounded read has; null of a live one.</summary>
    public long? Length => end - start.Offset;

    /// <summary>Whether an offset lies before the end.</summary>
    public bool Has(long offset) => end is null || offset < end;

    /// <summary>A consumed record as an entry.</summary>
    public LogEntry Read(ConsumeResult<byte[]?, byte[]?> consumed)
    {
        var value = consumed.Message.Value ?? [];
        LogEvent? record = null;
        string? fault = null;
        try
        {
            record = LogRecordCodec.Decode(value);
        }
        catch (FormatException error)
        {
            fault = error.Message;
        }

        hasEndRecord |= record is EndEvent;
        return new LogEntry
        {
            Position = new LogPosition(Partition, consumed.Offset.Value),
            BrokerTime = consumed.Message.Timestamp.UnixTimestampMs,
            Value = value,
            Event = record,
            Fault = fault,
        };
    }

    /// <summary>
    /// Takes note that everything before an offset has been read; where that is the end of a bounded read, the entry
    /// that stands for it. A partition whose producer ended it needs none.
    /// </summary>
    public LogEntry? Reach(long offset)
    {
        if (IsAtEnd || end is null || offset < end)
        {
            return null;
        }

        IsAtEnd = true;
        return hasEndRecord ? null : new LogEntry
        {
            Position = new LogPosition(Partition, end.Value),
            BrokerTime = 0,
            Event = EndEvent.OfReading,
        };
    }
}
