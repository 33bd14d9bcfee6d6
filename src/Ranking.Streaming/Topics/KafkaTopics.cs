using System.Collections.Immutable;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Ranking.Core;

namespace Ranking.Streaming;

/// <summary>Makes the log's topics and tells what they hold.</summary>
public sealed class KafkaTopics : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LeaderPause = TimeSpan.FromMilliseconds(100);

    private static readonly KeyValuePair<string, string>[] Required = [new("cleanup.policy", "delete"), new("message.timestamp.type", "LogAppendTime")];

    private readonly KafkaSettings settings;
    private readonly KafkaErrors errors;
    private readonly IAdminClient admin;

    /// <exception cref="ArgumentException">The settings have faults; all of them are named.</exception>
    public KafkaTopics(KafkaSettings settings)
    {
        this.settings = settings;
        errors = new KafkaErrors(settings);
        admin = KafkaClients.Admin(settings, errors);
    }

    private string[] Names => [settings.TopicOf(LogTopic.Served), settings.TopicOf(LogTopic.Events), settings.DeadLetterTopic];

    /// <summary>
    /// Creates those of the three topics that are not there: the broker's own append time as timestamp (an event time
    /// is judged against it), and clean-up by deletion, because compaction would keep one record a user.
    /// </summary>
    /// <exception cref="ArgumentException">The options have faults; all of them are named.</exception>
    /// <exception cref="InvalidOperationException">A topic is there with another number of partitions, time stamp or clean-up.</exception>
    /// <exception cref="ServiceUnreachableException">The brokers cannot be reached, or refuse.</exception>
    public async Task<ImmutableArray<TopicState>> CreateAsync(TopicOptions options)
    {
        var faults = options.Validate();
        if (faults.Count > 0)
        {
            throw new ArgumentException($"topics: {string.Join("; ", faults)}.", nameof(options));
        }

        var found = await DescribeAsync().ConfigureAwait(false);
        var changed = found.Where(topic => topic.Partitions > 0 && topic.Partitions != options.Partitions).ToList();
        if (changed.Count > 0)
        {
            throw new InvalidOperationException(string.Join("; ", changed.Select(topic =>
                $"topic {topic.Name} has {topic.Partitions} partitions, not {options.Partitions}: the count is fixed for the life of a log; ask for {topic.Partitions}, or take another namespace")));
        }

        await CheckConfigsAsync([.. found.Where(topic => topic.Partitions > 0).Select(topic => topic.Name)]).ConfigureAwait(false);
        var missing = found.Where(topic => topic.Partitions == 0).ToList();
        if (missing.Count > 0)
        {
            await Ask(() => admin.CreateTopicsAsync(missing.Select(topic => Specify(topic.Name, options)))).ConfigureAwait(false);
        }

        return [.. found.Select(topic => topic with { Partitions = options.Partitions, WasCreated = missing.Contains(topic) })];
    }

    /// <summary>The three topics as they are; those that do not exist have no partitions.</summary>
    /// <exception cref="ServiceUnreachableException">The brokers cannot be reached.</exception>
    public async Task<ImmutableArray<TopicState>> DescribeAsync()
    {
        var found = (await Ask(() => Task.Run(() => admin.GetMetadata(Timeout))).ConfigureAwait(false)).Topics.ToDictionary(topic => topic.Topic);
        return [.. Names.Select(name => new TopicState(name, found.TryGetValue(name, out var topic) ? topic.Partitions.Count : 0, false))];
    }

    /// <summary>The oldest position of every partition of the merged topics: where a new trainer begins.</summary>
    /// <exception cref="InvalidOperationException">A topic does not exist.</exception>
    /// <exception cref="ServiceUnreachableException">The brokers cannot be reached.</exception>
    public Task<ImmutableArray<LogPosition>> ReadStartAsync() => ReadOffsetsAsync(OffsetSpec.Earliest());

    /// <summary>The position after the newest record of every partition: the end of a bounded read.</summary>
    /// <inheritdoc cref="ReadStartAsync"/>
    public Task<ImmutableArray<LogPosition>> ReadEndAsync() => ReadOffsetsAsync(OffsetSpec.Latest());

    /// <inheritdoc/>
    public void Dispose() => admin.Dispose();

    // A topic that another program made, or a broker by itself, would lose records or put dead letters to any clock.
    private async Task CheckConfigsAsync(IReadOnlyList<string> topics)
    {
        if (topics.Count == 0)
        {
            return;
        }

        var found = await Ask(() => admin.DescribeConfigsAsync(topics.Select(topic => new ConfigResource { Type = ResourceType.Topic, Name = topic }))).ConfigureAwait(false);
        var faults = found.SelectMany(topic => Required
            .Where(config => topic.Entries[config.Key].Value != config.Value)
            .Select(config => $"topic {topic.ConfigResource.Name} has {config.Key} {topic.Entries[config.Key].Value}: alter it to {config.Value}, or take another namespace"))
            .ToList();
        if (faults.Count > 0)
        {
            throw new InvalidOperationException(string.Join("; ", faults));
        }
    }

    private static TopicSpecification Specify(string name, TopicOptions options) => new()
    {
        Name = name,
        NumPartitions = options.Partitions,
        ReplicationFactor = options.Replication,
        Configs = new Dictionary<string, string>(Required)
        {
            ["retention.ms"] = $"{(long)options.Retention.TotalMilliseconds}",
        },
    };

    private async Task<ImmutableArray<LogPosition>> ReadOffsetsAsync(OffsetSpec which)
    {
        var states = await DescribeAsync().ConfigureAwait(false);
        var partitions = new Dictionary<TopicPartition, LogPartition>();
        foreach (var topic in Enum.GetValues<LogTopic>())
        {
            var state = states[(int)topic];
            if (state.Partitions == 0)
            {
                throw new InvalidOperationException($"topic {state.Name} does not exist: create it with 'ranking topics create'");
            }

            for (var partition = 0; partition < state.Partitions; partition++)
            {
                partitions.Add(new TopicPartition(state.Name, partition), new LogPartition(topic, partition));
            }
        }

        var asked = partitions.Keys.Select(partition => new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = which });
        var offsets = await Ask(() => ListAsync([.. asked])).ConfigureAwait(false);
        return [.. offsets.ResultInfos
            .Select(info => new LogPosition(partitions[info.TopicPartitionOffsetError.TopicPartition], info.TopicPartitionOffsetError.Offset.Value))
            .OrderBy(position => position.Partition)];
    }

    // The leaders of partitions that were just created, or whose broker just went, are known a moment later.
    private async Task<ListOffsetsResult> ListAsync(TopicPartitionOffsetSpec[] asked)
    {
        for (var deadline = Environment.TickCount64 + (long)Timeout.TotalMilliseconds; ;)
        {
            try
            {
                return await admin.ListOffsetsAsync(asked, new ListOffsetsOptions { RequestTimeout = Timeout }).ConfigureAwait(false);
            }
            catch (ListOffsetsException fault) when (Environment.TickCount64 < deadline && IsPassing(fault))
            {
                await Task.Delay(LeaderPause).ConfigureAwait(false);
            }
        }
    }

    private static bool IsPassing(ListOffsetsException fault) => fault.Result.ResultInfos
        .Select(info => info.TopicPartitionOffsetError.Error)
        .All(error => !error.IsError || error.Code is ErrorCode.LeaderNotAvailable or ErrorCode.NotLeaderForPartition or ErrorCode.UnknownTopicOrPart);

    private async Task<T> Ask<T>(Func<Task<T>> question)
    {
        try
        {
            return await question().ConfigureAwait(false);
        }
        catch (KafkaException fault)
        {
            throw errors.Wrap(fault);
        }
    }

    private Task<bool> Ask(Func<Task> question) => Ask(async () =>
    {
        await question().ConfigureAwait(false);
        return true;
    });
}
