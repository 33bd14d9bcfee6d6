using Google.Protobuf;
using Ranking.Contracts.V1;
using Ranking.Core;

namespace Ranking.Streaming;

/// <summary>Records of the log as the bytes that stand in Kafka: <c>ranking.v1.LogRecord</c>.</summary>
public static class LogRecordCodec
{
    /// <summary>The largest record that is taken in: below a broker's default of one MiB by what the client and headers add.</summary>
    public const int MaxBytes = 950_000;

    /// <summary>An event as bytes.</summary>
    public static byte[] Encode(LogEvent record) => LogRecordWriter.ToRecord(record).ToByteArray();

    /// <summary>The event that the bytes stand for. Feature records are parts of one copy of the message.</summary>
    /// <exception cref="FormatException">Not a <c>LogRecord</c>, or one that lacks something: names field, value and fix.</exception>
    public static LogEvent Decode(ReadOnlySpan<byte> bytes)
    {
        LogRecord record;
        try
        {
            record = LogRecord.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw new FormatException($"{bytes.Length} bytes are no ranking.v1.LogRecord ({fault.Message}): write the record with the published proto.");
        }

        return ToEvent(record);
    }

    /// <summary>The event that a message stands for.</summary>
    /// <exception cref="FormatException">It lacks something: names field, value and fix.</exception>
    public static LogEvent ToEvent(LogRecord record) => LogRecordReader.ToEvent(record);
}
