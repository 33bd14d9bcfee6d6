using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Time.Testing;
using Ranking.Core;
using Ranking.Testing;

namespace Ranking.Streaming.Tests;

public sealed class KafkaEventPublisherTests(KafkaFixture kafka) : IClassFixture<KafkaFixture>
{
    private static CancellationToken Cancellation => KafkaLogs.Cancellation;

    [Fact]
    public async Task PublishAsync_ManyUsers_StandWhereJavasProducerPutsThem()
    {
        var settings = await KafkaLogs.Create(kafka, partitions: 5);
        var java = await KafkaLogs.Create(kafka, partitions: 5);
        string[] users = [.. Enumerable.Range(0, 60).Select(i => $"user-{i * 7919}{(i % 3 == 0 ? "ü" : "")}")];
        await using (var publisher = new KafkaEventPublisher(settings))
        {
            await publisher.PublishAsync(LogTopic.Events, [.. users.Select(user => KafkaLogs.Outcome(1, user))], Cancellation);
        }

        await ProduceByJava(java.TopicOf(LogTopic.Events), users);
        var ours = Keys(settings.TopicOf(LogTopic.Events), users.Length);
        Assert.Equal(Keys(java.TopicOf(LogTopic.Events), users.Length), ours);
        Assert.All(ours, pair => Assert.Equal(UserPartition.Of(pair.Key, 5), pair.Value));
        Assert.True(ours.Values.Distinct().Count() == 5);
    }

    [Fact]
    public async Task TryPublish_Disposed_HasSentWhatWasQueued()
    {
        var settings = await KafkaLogs.Create(kafka);
        var publisher = new KafkaEventPublisher(settings);
        Assert.True(publisher.TryPublish(LogTopic.Events, KafkaLogs.Outcome(1, "a")));
        Assert.True(publisher.TryPublish(LogTopic.Served, new ServedEvent(2, "a") { RequestId = "r", Items = [], Returned = 0 }));
        await publisher.DisposeAsync();
        Assert.Equal((0, 0), (publisher.Dropped, publisher.Failed));
        using var topics = new KafkaTopics(settings);
        Assert.Equal(2, (await topics.ReadEndAsync()).Sum(position => position.Offset));
    }

    [Fact]
    public async Task TryPublish_QueueFull_DropsAndCounts()
    {
        var settings = new KafkaSettings { BootstrapServers = "127.0.0.1:1" };
        await using var publisher = new KafkaEventPublisher(settings, queueLimit: 1);
        var accepted = Enumerable.Range(1, 200_000).Count(time => publisher.TryPublish(LogTopic.Events, KafkaLogs.Outcome(time, "a")));
        Assert.True(publisher.Dropped > 0);
        Assert.Equal(200_000, accepted + publisher.Dropped);
    }

    [Fact]
    public async Task RunAsync_Heartbeats_ReachEveryPartitionWithTheClocksTime()
    {
        var settings = await KafkaLogs.Create(kafka);
        using var topics = new KafkaTopics(settings);
        var start = await topics.ReadStartAsync();
        var clock = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_000_000));
        await using var publisher = new KafkaEventPublisher(settings);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var beating = new KafkaHeartbeats(publisher, [.. start.Select(position => position.Partition)], clock).RunAsync(stop.Token);
        await using var log = KafkaEventLog.Open(settings, start);
        for (var beat = 1; beat <= 2; beat++)
        {
            clock.Advance(KafkaHeartbeats.Interval);
            var read = await KafkaLogs.Read(log, start.Length);
            Assert.Equal(log.Partitions, read.Select(entry => entry.Position.Partition).Order());
            Assert.All(read, entry => Assert.Equal(new HeartbeatEvent(1_000_000 + (250 * beat)), entry.Event));
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => beating);
    }

    [Fact]
    public async Task FlushAsync_DeadLetter_StandsInItsTopicWithItsBytesAndPlace()
    {
        var settings = await KafkaLogs.Create(kafka);
        using var letters = new KafkaDeadLetters(settings);
        var position = new LogPosition(KafkaLogs.Events(1), 42);
        letters.Write(position, "no time", new LogEntry { Position = position, BrokerTime = 5, Value = new byte[] { 7, 8 }, Fault = "no time" });
        await letters.FlushAsync(Cancellation);
        var letter = Consume(settings.DeadLetterTopic, 1).Single().Message;
        Assert.Equal([7, 8], letter.Value);
        Assert.Equal(
            [("reason", "no time"), ("topic", settings.TopicOf(LogTopic.Events)), ("partition", "1"), ("offset", "42")],
            letter.Headers.Select(header => (header.Key, Encoding.UTF8.GetString(header.GetValueBytes()))));
    }

    [Fact]
    public async Task FlushAsync_DeadLetterAsLargeAsAMessage_LeavesTheBytesWhereTheyAre()
    {
        var settings = await KafkaLogs.Create(kafka);
        using var letters = new KafkaDeadLetters(settings);
        var position = new LogPosition(KafkaLogs.Events(1), 42);
        letters.Write(position, "no time", new LogEntry { Position = position, BrokerTime = 5, Value = new byte[1_048_000], Fault = "no time" });
        await letters.FlushAsync(Cancellation);
        var letter = Consume(settings.DeadLetterTopic, 1).Single().Message;
        Assert.Empty(letter.Value);
        Assert.Equal("42", Encoding.UTF8.GetString(letter.Headers.GetLastBytes("offset")));
    }

    [Fact]
    public async Task PublishAsync_RecordThatNoMessageHolds_IsAnIOException()
    {
        await using var publisher = new KafkaEventPublisher(await KafkaLogs.Create(kafka));
        var large = KafkaLogs.Outcome(1, "u") with { ItemId = new string('i', 1_100_000) };
        await Assert.ThrowsAsync<ServiceUnreachableException>(async () => await publisher.PublishAsync(LogTopic.Events, [large], Cancellation));
        Assert.True(publisher.TryPublish(LogTopic.Events, large));
        await publisher.DisposeAsync();
        Assert.Equal(1, publisher.Failed);
    }

    private async Task ProduceByJava(string topic, string[] users)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Combine("records");
        await File.WriteAllLinesAsync(file, users.Select(user => $"{user}\tv"), Cancellation);
        var script = SharedFolder.Require("kafka", "kafka");
        await ChildProcess.Run(
            "bash", ["-c", $"'{script}' tool console-producer --bootstrap-server {kafka.Bootstrap} --topic {topic} --reader-property parse.key=true < '{file}'"]);
    }

    private SortedDictionary<string, int> Keys(string topic, int count) => new(
        Consume(topic, count).ToDictionary(record => Encoding.UTF8.GetString(record.Message.Key), record => record.Partition.Value), StringComparer.Ordinal);

    private List<ConsumeResult<byte[], byte[]>> Consume(string topic, int count)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = kafka.Bootstrap, GroupId = "test" }).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(topic, TimeSpan.FromSeconds(10)).Topics[0].Partitions;
        consumer.Assign(partitions.Select(partition => new TopicPartitionOffset(topic, partition.PartitionId, Offset.Beginning)));
        var read = new List<ConsumeResult<byte[], byte[]>>();
        while (read.Count < count && consumer.Consume(TimeSpan.FromSeconds(10)) is { } record)
        {
            read.Add(record);
        }

        return read;
    }
}
