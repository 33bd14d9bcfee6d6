using System.Collections.Immutable;
using System.Diagnostics;
using Confluent.Kafka;
using Ranking.Core;

namespace Ranking.Streaming;

/// <summary>
/// The merged topics in Kafka, each partition read from a position that is given: consumer groups and their offsets play
/// no part. A position that the broker no longer has, or does not have yet, is an error and never a jump.
/// </summary>
public sealed class KafkaEventLog : IEventLog
{
    private const int MaxRecordsAPoll = 4_096;
    private static readonly TimeSpan BrokerTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan CancellationCheck = TimeSpan.FromMilliseconds(100);

    private readonly KafkaSettings settings;
    private readonly IConsumer<byte[]?, byte[]?> consumer;
    private readonly Dictionary<TopicPartition, KafkaPartition> partitions;
    private readonly KafkaErrors errors;
    private readonly int partitionCount;
    private readonly long? total;
    private long taken;
    private long counted = Stopwatch.GetTimestamp();

    private KafkaEventLog(KafkaSettings settings, IConsumer<byte[]?, byte[]?> consumer, IEnumerable<KafkaPartition> partitions, KafkaErrors errors)
    {
        this.settings = settings;
        this.consumer = consumer;
        this.errors = errors;
        this.partitions = partitions.ToDictionary(partition => partition.Name);
        Start = [.. this.partitions.Values.Select(partition => partition.Start).OrderBy(position => position.Partition)];
        Partitions = [.. Start.Select(position => position.Partition)];
        total = this.partitions.Values.Aggregate((long?)0, (sum, partition) => sum + partition.Length);
        partitionCount = Partitions.Count(partition => partition.Topic == LogTopic.Events);
    }

    /// <inheritdoc/>
    public ImmutableArray<LogPartition> Partitions { get; }

    /// <inheritdoc/>
    public ImmutableArray<LogPosition> Start { get; }

    /// <inheritdoc/>
    public bool IsAtEnd => partitions.Values.All(partition => partition.IsAtEnd);

    /// <inheritdoc/>
    // Offsets have gaps where a broker keeps marks of its own.
    public double? Progress => total is null ? null : IsAtEnd ? 1 : (double)taken / Math.Max(1, total.Value);

    /// <summary>Records that stand in another partition than their user's; they are used all the same.</summary>
    public long Misplaced { get; private set; }

    /// <summary>How often the topics' partitions are counted again: records in a new one would be read by nobody.</summary>
    internal TimeSpan CountEvery { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Begins to read. Blocks for as long as it takes to ask the brokers for the offsets that they have.</summary>
    /// <param name="settings">Where Kafka is.</param>
    /// <param name="start">Where to read from: one position for every partition of both topics.</param>
    /// <param name="end">Where a bounded read ends, as <see cref="KafkaTopics.ReadEndAsync"/> gave it; null for a live one.</param>
    /// <exception cref="LogPositionException">A position is not in the log, or the topics have other partitions.</exception>
    /// <exception cref="ServiceUnreachableException">The brokers cannot be reached.</exception>
    public static KafkaEventLog Open(KafkaSettings settings, IReadOnlyCollection<LogPosition> start, IReadOnlyCollection<LogPosition>? end = null)
    {
        var errors = new KafkaErrors(settings);
        var consumer = KafkaClients.Consumer(settings, errors, tellsEnd: end is not null);
        try
        {
            using (var admin = KafkaClients.Admin(settings, errors))
            {
                CheckPartitions(admin, settings, start);
            }

            var ends = end?.ToDictionary(position => position.Partition, position => position.Offset);
            KafkaPartition[] partitions = [.. start.Select(position => new KafkaPartition(
                position, ends?[position.Partition], new TopicPartition(settings.TopicOf(position.Partition.Topic), position.Partition.Partition)))];
            foreach (var partition in partitions)
            {
                CheckPosition(consumer.QueryWatermarkOffsets(partition.Name, BrokerTimeout), partition);
            }

            consumer.Assign(partitions.Select(partition => new TopicPartitionOffset(partition.Name, partition.Start.Offset)));
            return new KafkaEventLog(settings, consumer, partitions, errors);
        }
        catch (KafkaException fault)
        {
            consumer.Dispose();
            throw errors.Wrap(fault);
        }
        catch
        {
            consumer.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<LogEntry>> ReadAsync(TimeSpan wait, CancellationToken cancellation) =>
        await Task.Run(() => Read(wait, cancellation), cancellation).ConfigureAwait(false);

    /// <inheritdoc/>
    public void Pause(IReadOnlyCollection<LogPartition> partitions) => consumer.Pause(Named(partitions));

    /// <inheritdoc/>
    public void Resume(IReadOnlyCollection<LogPartition> partitions) => consumer.Resume(Named(partitions));

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        consumer.Dispose();
        return ValueTask.CompletedTask;
    }

    private static void CheckPartitions(IAdminClient admin, KafkaSettings settings, IReadOnlyCollection<LogPosition> start)
    {
        foreach (var topic in Enum.GetValues<LogTopic>())
        {
            var name = settings.TopicOf(topic);
            var found = admin.GetMetadata(name, BrokerTimeout).Topics.Single().Partitions.Count;
            var wanted = start.Count(position => position.Partition.Topic == topic);
            if (found != wanted)
            {
                throw new LogPositionException(
                    $"topic {name} has {found} partitions, and {wanted} positions are given: the count is fixed for the life of a log; create the topic with {wanted}, or begin a new log under another namespace.");
            }
        }
    }

    private static void CheckPosition(WatermarkOffsets has, KafkaPartition partition)
    {
        var start = partition.Start.Offset;
        if (start < has.Low.Value || start > has.High.Value)
        {
            throw new LogPositionException(
                $"{partition.Name} has offsets {has.Low.Value} to {has.High.Value}, and {start} is to be read: "
                + (start < has.Low.Value ? "its retention has removed records that were not read yet; " : "it is not the log that was read before; ")
                + "restore the topic, or start again from what it has.");
        }
    }

    private void Recount()
    {
        if (Stopwatch.GetElapsedTime(counted) < CountEvery)
        {
            return;
        }

        counted = Stopwatch.GetTimestamp();
        try
        {
            using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
            CheckPartitions(admin, settings, Start);
        }
        catch (KafkaException)
        {
            // Brokers that do not answer now are asked the next time; what is read waits for them anyway.
        }
    }

    private List<LogEntry> Read(TimeSpan wait, CancellationToken cancellation)
    {
        Recount();
        var read = new List<LogEntry>();
        foreach (var partition in partitions.Values)
        {
            Reach(partition, partition.Start.Offset, read);
        }

        for (var left = wait; read.Count == 0 && !cancellation.IsCancellationRequested; left -= CancellationCheck)
        {
            Take(consumer.Consume, left < CancellationCheck ? left : CancellationCheck, read);
            if (left <= CancellationCheck || IsAtEnd)
            {
                break;
            }
        }

        while (read.Count is > 0 and < MaxRecordsAPoll && Take(consumer.Consume, TimeSpan.Zero, read))
        {
        }

        taken += read.Count;
        cancellation.ThrowIfCancellationRequested();
        return read;
    }

    private bool Take(Func<TimeSpan, ConsumeResult<byte[]?, byte[]?>?> consume, TimeSpan wait, List<LogEntry> read)
    {
        try
        {
            if (consume(wait) is not { } consumed)
            {
                return false;
            }

            var partition = partitions[consumed.TopicPartition];
            if (!consumed.IsPartitionEOF && partition.Has(consumed.Offset.Value))
            {
                var entry = partition.Read(consumed);
                read.Add(entry);
                if (entry.Event is { UserId.Length: > 0 } record && UserPartition.Of(record.UserId, partitionCount) != partition.Partition.Partition)
                {
                    Misplaced++;
                }
            }

            Reach(partition, consumed.IsPartitionEOF ? consumed.Offset.Value : consumed.Offset.Value + 1, read);
            return true;
        }
        catch (ConsumeException fault) when (fault.Error.Code is ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange)
        {
            throw new LogPositionException(
                $"{fault.ConsumerRecord?.TopicPartitionOffset} is not in the log any more ({fault.Error.Reason}): restore the topic, or start again from what it has.");
        }
        catch (KafkaException fault)
        {
            throw errors.Wrap(fault);
        }
    }

    private void Reach(KafkaPartition partition, long offset, List<LogEntry> read)
    {
        if (!partition.IsAtEnd && partition.Reach(offset) is var end && partition.IsAtEnd)
        {
            consumer.Pause([partition.Name]);
            if (end is not null)
            {
                read.Add(end);
            }
        }
    }

    // A partition at the end of a bounded read stays paused.
    private List<TopicPartition> Named(IReadOnlyCollection<LogPartition> wanted) =>
        [.. partitions.Values.Where(partition => !partition.IsAtEnd && wanted.Contains(partition.Partition)).Select(partition => partition.Name)];
}
