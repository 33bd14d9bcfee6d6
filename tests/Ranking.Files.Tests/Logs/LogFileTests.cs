using CsCheck;
using Ranking.Core;
using Ranking.Testing;

namespace Ranking.Files.Tests;

public sealed class LogFileTests
{
    private static readonly Gen<ReadOnlyMemory<byte>> Bytes = Gen.Byte.Array[0, 20].Select(bytes => new ReadOnlyMemory<byte>(bytes));
    private static readonly Gen<string> Text = Gen.String[Gen.Char.AlphaNumeric, 0, 12];

    private static readonly Gen<LogEvent?> Event = Gen.OneOf(
        Gen.Select(Gen.Long, Text, Text, Bytes, Gen.Float.Unit).Select((time, user, item, bytes, weight) => (LogEvent?)new ImpressionEvent(time, user)
        {
            RequestId = user + "r",
            ItemId = item,
            Position = item.Length == 1 ? null : item.Length,
            Weight = weight,
            SamplingRate = 0.5f,
            Split = "train",
            Features = weight < 0.5f ? null : new FeatureRecords(bytes, default, bytes, default),
        }),
        Gen.Select(Gen.Long, Text, Text, Gen.Double).Select((time, user, item, value) => (LogEvent?)new OutcomeEvent(time, user) { RequestId = "r", ItemId = item, Name = "click", Value = value }),
        Gen.Select(Gen.Long, Text, Bytes).Select((time, user, bytes) => (LogEvent?)new ServedEvent(time, user)
        {
            RequestId = "r",
            Model = "m",
            Version = "v",
            Experiment = "e",
            PolicyId = "p",
            UserFeatures = bytes,
            ContextFeatures = bytes,
            Returned = 1,
            RestSamplingRate = 0.25f,
            UserHistory = new HistoryPosition(time, new LogPosition(new LogPartition(LogTopic.Events, 3), 7)),
            Items = [new ServedItem("a", 0.5f, 1, bytes, default) { History = new HistoryPosition(5, new LogPosition(new LogPartition(LogTopic.Served, 1), time)) }, new ServedItem("b", 0.25f, 0.5f, default, bytes)],
        }),
        Gen.Long.Select(time => (LogEvent?)new HeartbeatEvent(time)),
        Gen.Long.Select(time => (LogEvent?)new EndEvent(time)),
        Gen.Const((LogEvent?)null));

    [Fact]
    public void Read_WhatWasWritten_IsTheSameWithOffsetsTimesAndHeartbeats() =>
        Gen.Select(Event, Gen.Bool, Gen.Long[0, long.MaxValue]).Array[0, 30].Sample(records =>
        {
            using var folder = new TemporaryFolder();
            LogPartition[] partitions = [new(LogTopic.Served, 0), new(LogTopic.Events, 10)];
            var offsets = new Dictionary<LogPartition, long> { [partitions[0]] = 100, [partitions[1]] = 0 };
            var entries = records.Select(record => Make(record.Item1, partitions[record.Item2 ? 1 : 0], offsets, record.Item3)).ToList();
            using (var writer = new LogFileWriter(folder.Path, partitions))
            {
                entries.ForEach(writer.Write);
                writer.Complete();
            }

            var log = LogFile.Open(folder.Path);
            Assert.Equal(partitions, log.Partitions);
            Assert.Equal(
                entries.OrderBy(entry => entry.Position.Partition).Select(Describe),
                partitions.SelectMany(log.Read).Select(Describe));
            log.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }, iter: 50);

    [Fact]
    public void Dispose_BeforeComplete_LeavesNoLog()
    {
        using var folder = new TemporaryFolder();
        using (var writer = new LogFileWriter(folder.Path, [new LogPartition(LogTopic.Events, 0)]))
        {
            writer.Write(new LogEntry { Position = new LogPosition(new LogPartition(LogTopic.Events, 0), 0), BrokerTime = 1, Event = new HeartbeatEvent(1) });
        }

        Assert.Empty(Directory.EnumerateFiles(folder.Path));
        Assert.Contains("holds no log", Assert.Throws<TableException>(() => LogFile.Open(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FileCutShortOrOfAnotherFormat_SaysSo()
    {
        using var folder = new TemporaryFolder();
        var partition = new LogPartition(LogTopic.Events, 0);
        using (var writer = new LogFileWriter(folder.Path, [partition]))
        {
            for (var i = 0; i < 1_000; i++)
            {
                writer.Write(new LogEntry { Position = new LogPosition(partition, i), BrokerTime = i, Event = new HeartbeatEvent(i * 7919) });
            }

            writer.Complete();
        }

        var path = folder.Combine("events-0.log");
        var whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, whole[..(whole.Length / 2)]);
        Assert.Contains("cut short", Assert.Throws<TableException>(() => LogFile.Open(folder.Path).Read(partition).Count()).Message, StringComparison.Ordinal);
        File.WriteAllBytes(path, [.. "RKLG"u8, 99, .. whole[5..]]);
        Assert.Contains("no log of format 3", Assert.Throws<TableException>(() => LogFile.Open(folder.Path)).Message, StringComparison.Ordinal);
    }

    private static LogEntry Make(LogEvent? record, LogPartition partition, Dictionary<LogPartition, long> offsets, long brokerTime) => new()
    {
        Position = new LogPosition(partition, offsets[partition]++),
        BrokerTime = brokerTime,
        Event = record,
        Fault = record is null ? "why" : null,
    };

    // Spans and lists do not compare by content: the codec's own bytes and the printed record together do.
    private static string Describe(LogEntry entry)
    {
        using var bytes = new MemoryStream();
        EventCodec.Write(new BinaryWriter(bytes), entry.Event, entry.Fault);
        var features = entry.Event is ImpressionEvent { Features: { } records } ? Convert.ToHexString(records.User.Span) + Convert.ToHexString(records.Item.Span) : "none";
        return $"{entry.Position} {entry.BrokerTime} {entry.Event?.GetType().Name} {entry.Event?.EventTime} {features} {Convert.ToHexString(bytes.ToArray())}";
    }
}
