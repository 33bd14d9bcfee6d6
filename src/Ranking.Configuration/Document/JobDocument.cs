using System.ComponentModel.DataAnnotations;
using Ranking.Events;
using Ranking.Models;

namespace Ranking.Configuration;

/// <summary>A ranking job: data, features, tasks, model, training, topics and store.</summary>
internal sealed record JobDocument
{
    /// <summary>A file whose declarations hold where this one says nothing; mappings are merged, lists are replaced.</summary>
    public string? Extends { get; init; }

    /// <summary>The model's name in stores and requests.</summary>
    public required string Name { get; init; }

    /// <summary>Separates the job's store keys and topics from those of others; the name where not given.</summary>
    public string? Namespace { get; init; }

    /// <summary>The data in files; none for a job that lives on topics alone.</summary>
    public SourcesSection? Sources { get; init; }

    /// <summary>Embedding tables that no entry of tables describes.</summary>
    public EmbeddingSection Embedding { get; init; } = new();

    /// <summary>Embedding tables by name.</summary>
    public OrderedDictionary<string, TableEntry> Tables { get; init; } = [];

    /// <summary>The features; an entry may declare many.</summary>
    public required List<FeatureEntry> Features { get; init; }

    /// <summary>Counts, rates and times of past events by features, each a numeric feature.</summary>
    public List<StatisticEntry> Statistics { get; init; } = [];

    /// <summary>Each user's newest impressions or outcomes by name, each a feature that the model attends to.</summary>
    public OrderedDictionary<string, SequenceEntry> Sequences { get; init; } = [];

    /// <summary>The predicted probabilities by name, parents before their children.</summary>
    public required OrderedDictionary<string, TaskEntry> Tasks { get; init; }

    /// <summary>The shape of the network.</summary>
    public required ModelSection Model { get; init; }

    /// <summary>How probabilities are set right after training, for tasks that do not say it themselves.</summary>
    public CalibrationSection Calibration { get; init; } = new();

    /// <summary>How task scores become one final score, by name, the default first.</summary>
    public required OrderedDictionary<string, ObjectiveEntry> Objectives { get; init; }

    /// <summary>How the model is trained.</summary>
    public TrainingSpec Training { get; init; } = new();

    /// <summary>How the log becomes examples.</summary>
    public JoinSpec Join { get; init; } = new();

    /// <summary>The Kafka topics.</summary>
    public TopicsSection Topics { get; init; } = new();

    /// <summary>Where versions and checkpoints stand.</summary>
    public StoreSection Store { get; init; } = new();
}

/// <summary>The Kafka topics.</summary>
internal sealed record TopicsSection
{
    /// <summary>The first part of the topics' names; the job's namespace where not given.</summary>
    public string? Namespace { get; init; }

    /// <summary>Partitions of each topic, and to how many a file's events are dealt; fixed for the life of the log.</summary>
    [Range(1, 1024)]
    public int Partitions { get; init; } = 4;

    /// <summary>How long the broker keeps records.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);
}

/// <summary>Where versions and checkpoints stand.</summary>
internal sealed record StoreSection
{
    /// <summary>The folder of the model store, relative to the job file; models of several jobs may share it.</summary>
    public string Path { get; init; } = "store";

    /// <summary>The folder of the job's training checkpoints; checkpoints/NAME beside the store's folder where not given.</summary>
    public string? Checkpoints { get; init; }

    /// <summary>How many versions are kept, besides the pinned ones.</summary>
    [Range(1, 1000)]
    public int Keep { get; init; } = 10;
}
