using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Events;
using Ranking.Models;

namespace Ranking.Trainer.Tests;

/// <summary>A small job whose clicks can be learned: ten users and twenty items with tastes, four partitions, an end.</summary>
internal sealed class TinyWorld
{
    public const int Partitions = 4;
    private const long Start = 1_700_000_000_000;
    private const int Minute = 60_000;

    private readonly FeatureRecordWriter writer;
    private readonly Func<int, string> splitOf;
    private readonly int clickedFrom;
    private readonly List<LogEvent>[] events = [.. Enumerable.Range(0, Partitions).Select(_ => new List<LogEvent>())];

    /// <param name="impressions">How many.</param>
    /// <param name="seed">Of what happens to them.</param>
    /// <param name="history">How many of the first are of the split <c>train</c>; the sixth as many after them of <c>val</c>.</param>
    /// <param name="clickedFrom">The first of those that are all clicked, whatever the tastes; none by default.</param>
    public TinyWorld(int impressions, ulong seed = 1, int history = 0, int clickedFrom = int.MaxValue)
    {
        splitOf = number => number < history ? "train" : number < history * 7 / 6 ? "val" : "";
        this.clickedFrom = clickedFrom;
        writer = new FeatureRecordWriter(Model.Schema.Fingerprint);
        var random = new Random((int)seed);
        for (var i = 0; i < impressions; i++)
        {
            Impress(random, i);
        }
    }

    public static ModelSpec Model { get; } = new()
    {
        Name = "tiny",
        Schema = new FeatureSchema(
        [
            new Feature { Id = 1, Name = "user", Kind = FeatureKind.Categorical, Scope = FeatureScope.User, Table = "user" },
            new Feature { Id = 2, Name = "item", Kind = FeatureKind.Categorical, Scope = FeatureScope.Item, Table = "item" },
            new Feature { Id = 3, Name = "price", Kind = FeatureKind.Numeric, Scope = FeatureScope.Item, Transform = TransformKind.Standard },
        ]),
        Tables =
        [
            new EmbeddingTableSpec { Name = "user", Dimension = 4, AdmitAfter = 2 },
            new EmbeddingTableSpec { Name = "item", Dimension = 4, ExpireAfter = TimeSpan.FromHours(20) },
        ],
        Tasks = new TaskSet(
        [
            new RankingTask { Name = "ctr", Outcome = "click", Window = TimeSpan.FromMinutes(5) },
            new RankingTask { Name = "cvr", Outcome = "conversion", Given = "ctr", Joint = "ctcvr", Window = TimeSpan.FromMinutes(30) },
        ]),
        Architecture = new ArchitectureSpec { Kind = ArchitectureKind.Mmoe, EntireSpace = true, Experts = 2, Expert = [8], Tower = [8], Dropout = 0.1f },
        Objectives = [new Objective("ctcvr", "ctcvr", ImmutableSortedDictionary<string, double>.Empty)],
        Training = new TrainingSpec
        {
            BatchSize = 64,
            BatchEvery = TimeSpan.FromHours(1),
            LearningRate = 0.01f,
            EmbeddingLearningRate = 0.1f,
            FitTransformsOn = 200,
            PublishEveryExamples = 2_000,
            GateExamples = 3_000,
        },
    };

    public static TrainingJob Job { get; } = new()
    {
        Model = Model,
        Join = new JoinSpec { Heartbeats = HeartbeatSource.Producer },
        Entities = new NoEntities(),
    };

    /// <summary>A job that learns the split <c>train</c> in epochs, and then goes on.</summary>
    public static TrainingJob OnlineJob { get; } = Job with
    {
        Split = new SplitSpec { Column = "split", Train = ["train"], Validate = ["val"] },
        Model = Model with
        {
            Training = Model.Training with { Epochs = 3, Online = new OnlineSpec { BatchSize = 32, BatchEvery = TimeSpan.FromHours(1), StepScale = 0.5f } },
        },
    };

    /// <summary>The log: events sorted by time in each partition, both topics ended.</summary>
    public IReadOnlyList<LogEntry> Entries =>
    [
        .. from partition in Enumerable.Range(0, Partitions)
           from entry in Partition(partition)
           select entry,
    ];

    private IEnumerable<LogEntry> Partition(int number)
    {
        var last = events.SelectMany(partition => partition).Max(record => record.EventTime);
        var sorted = events[number].OrderBy(record => record.EventTime).ToArray();
        for (var offset = 0; offset < sorted.Length; offset++)
        {
            yield return Entry(LogTopic.Events, number, offset, sorted[offset]);
        }

        yield return Entry(LogTopic.Events, number, sorted.Length, new EndEvent(last));
        yield return Entry(LogTopic.Served, number, 0, new EndEvent(last));
    }

    private static LogEntry Entry(LogTopic topic, int partition, long offset, LogEvent record) => new()
    {
        Position = new LogPosition(new LogPartition(topic, partition), offset),
        BrokerTime = record.EventTime,
        Event = record,
    };

    private void Impress(Random random, int number)
    {
        var (user, item) = (random.Next(10), random.Next(20));
        var time = Start + (number * 20_000L) + random.Next(10_000);
        var (userId, itemId, request) = ($"u{user}", $"i{item}", $"r{number}");
        var partition = events[user % Partitions];
        partition.Add(new ImpressionEvent(time, userId)
        {
            RequestId = request,
            ItemId = itemId,
            Split = splitOf(number),
            Features = new FeatureRecords(Record(1, userId), default, Record(2, itemId, item), default),
        });
        if (random.NextDouble() < ((user + item) % 3 == 0 ? 0.8 : 0.2) || number >= clickedFrom)
        {
            partition.Add(new OutcomeEvent(time + random.Next(4 * Minute), userId) { RequestId = request, ItemId = itemId, Name = "click" });
            if (random.NextDouble() < (item % 2 == 0 ? 0.7 : 0.3))
            {
                partition.Add(new OutcomeEvent(time + (4 * Minute) + random.Next(20 * Minute), userId) { RequestId = request, ItemId = itemId, Name = "conversion" });
            }
        }
    }

    private byte[] Record(int feature, string id, double? price = null)
    {
        writer.Clear();
        writer.Write(feature, id);
        if (price is { } number)
        {
            writer.Write(3, number);
        }

        return writer.ToArray();
    }

    private sealed class NoEntities : IEntityTables
    {
        public ReadOnlyMemory<byte> User(string userId) => default;

        public ReadOnlyMemory<byte> Item(string itemId) => default;
    }
}
