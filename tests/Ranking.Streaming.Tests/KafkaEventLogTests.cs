using Confluent.Kafka;
using Ranking.Core;
using Ranking.Testing;

namespace Ranking.Streaming.Tests;

public sealed class KafkaEventLogTests(KafkaFixture kafka) : IClassFixture<KafkaFixture>
{
    private static CancellationToken Cancellation => KafkaLogs.Cancellation;

    [Fact]
    public async Task ReadAsync_AppendedRecords_ComeInTheOrderOfEachPartition()
    {
        var settings = await KafkaLogs.Create(kafka);
        await KafkaLogs.Append(settings, [.. Enumerable.Range(1, 500).Select(time => (KafkaLogs.Events(time % 2), (LogEvent)KafkaLogs.Outcome(time, "u")))]);
        await using var log = KafkaEventLog.Open(settings, await Start(settings));
        var read = await KafkaLogs.Read(log, 500);
        Assert.Equal(500, read.Count);
        foreach (var partition in read.GroupBy(entry => entry.Position.Partition))
        {
            Assert.Equal(Enumerable.Range(0, 250).Select(offset => (long)offset), partition.Select(entry => entry.Position.Offset));
            Assert.True(partition.Select(entry => entry.Event!.EventTime).SequenceEqual(partition.Select(entry => entry.Event!.EventTime).Order()));
        }

        Assert.All(read, entry => Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - entry.BrokerTime, -5_000, 120_000));
        Assert.Equal(250, log.Misplaced);
    }

    [Fact]
    public async Task Open_PositionsGiven_ReadsOnFromThem()
    {
        var settings = await KafkaLogs.Create(kafka);
        await KafkaLogs.Append(settings, [.. Enumerable.Range(1, 10).Select(time => (KafkaLogs.Events(1), (LogEvent)KafkaLogs.Outcome(time, "u")))]);
        var start = (await Start(settings)).Select(position => position.Partition == KafkaLogs.Events(1) ? position with { Offset = 7 } : position);
        await using var log = KafkaEventLog.Open(settings, [.. start]);
        Assert.Equal([7L, 8, 9], (await KafkaLogs.Read(log, 3)).Select(entry => entry.Position.Offset));
    }

    [Fact]
    public async Task Open_PositionThatRetentionRemoved_IsAnErrorAndNoJump()
    {
        var settings = await KafkaLogs.Create(kafka);
        await KafkaLogs.Append(settings, [.. Enumerable.Range(1, 10).Select(time => (KafkaLogs.Events(0), (LogEvent)KafkaLogs.Outcome(time, "u")))]);
        var start = await Start(settings);
        await DeleteBefore(settings, 6);
        var fault = Assert.Throws<LogPositionException>(() => KafkaEventLog.Open(settings, start));
        Assert.Contains("has offsets 6 to 10, and 0 is to be read", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_PositionRemovedWhileReading_IsAnErrorAndNoJump()
    {
        var settings = await KafkaLogs.Create(kafka);
        var start = await Start(settings);
        await KafkaLogs.Append(settings, [.. Enumerable.Range(1, 10).Select(time => (KafkaLogs.Events(0), (LogEvent)KafkaLogs.Outcome(time, "u")))]);
        await using var log = KafkaEventLog.Open(settings, start);
        log.Pause([KafkaLogs.Events(0)]);
        await DeleteBefore(settings, 6);
        log.Resume([KafkaLogs.Events(0)]);
        await Assert.ThrowsAsync<LogPositionException>(() => KafkaLogs.Read(log, 10));
    }

    [Fact]
    public async Task Open_PositionThatIsNotThereYet_Throws()
    {
        var settings = await KafkaLogs.Create(kafka);
        var start = (await Start(settings)).Select(position => position with { Offset = 3 });
        var fault = Assert.Throws<LogPositionException>(() => KafkaEventLog.Open(settings, [.. start]));
        Assert.Contains("not the log that was read before", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_OtherPartitionCount_Throws()
    {
        var settings = await KafkaLogs.Create(kafka, partitions: 3);
        var fault = Assert.Throws<LogPositionException>(() => KafkaEventLog.Open(settings, [new LogPosition(KafkaLogs.Events(0), 0)]));
        Assert.Contains("has 3 partitions, and 0 positions are given", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_PartitionsAddedWhileReading_Throws()
    {
        var settings = await KafkaLogs.Create(kafka);
        await using var log = KafkaEventLog.Open(settings, await Start(settings));
        log.CountEvery = TimeSpan.Zero;
        Assert.Empty(await log.ReadAsync(TimeSpan.Zero, Cancellation));
        await kafka.Command("tool", "topics", "--bootstrap-server", kafka.Bootstrap, "--alter", "--topic", settings.TopicOf(LogTopic.Events), "--partitions", "3");
        var fault = await Assert.ThrowsAsync<LogPositionException>(() => KafkaLogs.Read(log, 1));
        Assert.Contains("has 3 partitions, and 2 positions are given", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_BoundedRead_EndsEveryPartitionAndLeavesLaterRecords()
    {
        var settings = await KafkaLogs.Create(kafka);
        await KafkaLogs.Append(
            settings,
            (KafkaLogs.Events(0), KafkaLogs.Outcome(1, "u")),
            (KafkaLogs.Events(0), KafkaLogs.Outcome(2, "u")),
            (KafkaLogs.Events(1), new EndEvent(3)));
        using var topics = new KafkaTopics(settings);
        var end = await topics.ReadEndAsync();
        await KafkaLogs.Append(settings, (KafkaLogs.Events(0), KafkaLogs.Outcome(4, "u")));
        await using var log = KafkaEventLog.Open(settings, await Start(settings), end);
        var read = await KafkaLogs.Read(log, int.MaxValue);
        Assert.True(log.IsAtEnd);
        Assert.Equal(1, log.Progress);
        Assert.Equal([1L, 2], read.Where(entry => entry.Event is OutcomeEvent).Select(entry => entry.Event!.EventTime));
        Assert.Equal(log.Partitions, read.Where(entry => entry.Event is EndEvent).Select(entry => entry.Position.Partition).Order());
        Assert.Equal(end, await topics.ReadEndAsync() is var after ? after.Select(position => position.Partition == KafkaLogs.Events(0) ? position with { Offset = 2 } : position) : []);
    }

    [Fact]
    public async Task ReadAsync_UnreadableBytes_GiveAFaultAndTheBytes()
    {
        var settings = await KafkaLogs.Create(kafka);
        using (var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = kafka.Bootstrap }).Build())
        {
            await producer.ProduceAsync(settings.TopicOf(LogTopic.Events), new Message<Null, byte[]> { Value = [255, 1, 2] }, Cancellation);
        }

        await using var log = KafkaEventLog.Open(settings, await Start(settings));
        var entry = Assert.Single(await KafkaLogs.Read(log, 1));
        Assert.Null(entry.Event);
        Assert.StartsWith("3 bytes are no ranking.v1.LogRecord", entry.Fault, StringComparison.Ordinal);
        Assert.Equal([255, 1, 2], entry.Value.ToArray());
    }

    private static async Task<IReadOnlyCollection<LogPosition>> Start(KafkaSettings settings)
    {
        using var topics = new KafkaTopics(settings);
        return await topics.ReadStartAsync();
    }

    private async Task DeleteBefore(KafkaSettings settings, int offset)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Combine("offsets.json");
        var topic = settings.TopicOf(LogTopic.Events);
        await File.WriteAllTextAsync(file, $$"""{"version":1,"partitions":[{"topic":"{{topic}}","partition":0,"offset":{{offset}}}]}""", Cancellation);
        await kafka.Command("tool", "delete-records", "--bootstrap-server", kafka.Bootstrap, "--offset-json-file", file);
    }
}
