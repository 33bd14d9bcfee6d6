using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ranking.Core;

namespace Ranking.Models;

/// <summary>All that defines a model apart from its learned values; the artifact carries it as canonical JSON.</summary>
public sealed record ModelSpec
{
    /// <summary>The model's name in stores and requests.</summary>
    public required string Name { get; init; }

    /// <summary>The features.</summary>
    public required FeatureSchema Schema { get; init; }

    /// <summary>The embedding tables that the features name.</summary>
    public required ImmutableArray<EmbeddingTableSpec> Tables { get; init; }

    /// <summary>The streaming statistics, whose values are features.</summary>
    public ImmutableArray<StatisticSpec> Statistics { get; init; } = [];

    /// <summary>The sequences of past events, whose values are features.</summary>
    public ImmutableArray<SequenceSpec> Sequences { get; init; } = [];

    /// <summary>Whether past events give any of its features.</summary>
    [JsonIgnore]
    public bool HasHistory => !Statistics.IsEmpty || !Sequences.IsEmpty;

    /// <summary>The tasks.</summary>
    public required TaskSet Tasks { get; init; }

    /// <summary>The network.</summary>
    public required ArchitectureSpec Architecture { get; init; }

    /// <summary>Boosted trees beside the networks; null is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TreesSpec? Trees { get; init; }

    /// <summary>In what numbers it is served.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ScoringPrecision Precision { get; init; }

    /// <summary>Whether it is served in other numbers than it was learned in.</summary>
    [JsonIgnore]
    public bool IsRounded => Precision != ScoringPrecision.Float32 || Tables.Any(table => table.Precision != RowPrecision.Float32);

    /// <summary>Whether it is one network and nothing beside it.</summary>
    [JsonIgnore]
    public bool IsOneNetwork => Architecture.Networks.Length == 1 && Trees is null;

    /// <summary>The objectives, the default first; at least one.</summary>
    public required ImmutableArray<Objective> Objectives { get; init; }

    /// <summary>[tasks] how each is calibrated; empty where none is, as in specifications written before there was any.</summary>
    public ImmutableArray<CalibrationSpec> Calibration { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>How it is trained.</summary>
    public required TrainingSpec Training { get; init; }

    /// <summary>The declared table that a node reads, or its copy of it.</summary>
    public EmbeddingTableSpec TableOf(TableNode node)
    {
        var name = node is SequenceNode column
            ? Schema.Features[Schema.SlotOf(column.Sequence)].Columns[column.Column].Table
            : Schema.Features[Schema.SlotOf(node.FeatureId)].Table;
        return Tables.First(table => table.Name == name);
    }

    /// <summary>
    /// [networks, then the trees where there are any] what share each one's logit has in a task's: a network's as much as the
    /// task's loss counts in it, for one that gave a task less of its learning knows less of it.
    /// </summary>
    public ImmutableArray<float> SharesOf(int task)
    {
        var ofTrees = Trees?.Share ?? 0;
        var weights = Architecture.Networks.Select(network => network.LossWeightOf(Tasks, task)).ToList();
        var shares = weights.Select(weight => weight / weights.Sum() * (1 - ofTrees));
        return Trees is null ? [.. shares] : [.. shares, ofTrees];
    }
}

/// <summary>The numbers in which a model is served; it is always learned in 32 bits.</summary>
public enum ScoringPrecision : byte
{
    /// <summary>32 bits: scores agree with the learner's within <see cref="GoldenSet.Tolerance"/>.</summary>
    Float32 = 0,

    /// <summary>
    /// Layers that read what a ReLU gave multiply integers of 8 bits, and what is kept of items has 16
    /// (<see cref="Quantization"/>): less exact, and faster where the processor has AVX-VNNI; elsewhere it may be slower. A
    /// version of which any AUC falls by more than 0.0005 is refused.
    /// </summary>
    Int8 = 1,

    /// <summary>What is kept of items from one request to the next has 16 bits, so that twice as many items are; all else has 32.</summary>
    Float16 = 2,
}

/// <summary>The numbers in which a table's rows are stored and served; they are always learned in 32 bits.</summary>
public enum RowPrecision
{
    /// <summary>32 bits.</summary>
    Float32 = 0,

    /// <summary>16 bits (IEEE 754 binary16), of which 11 are a number's own.</summary>
    Float16 = 1,

    /// <summary>8 bits, times a scale of the row's own.</summary>
    Int8 = 2,
}

/// <summary>An embedding table.</summary>
public sealed record EmbeddingTableSpec
{
    /// <summary>The name that features refer to.</summary>
    public required string Name { get; init; }

    /// <summary>Numbers a row, 1 to 1024.</summary>
    public required int Dimension { get; init; }

    /// <summary>In what numbers the rows of a version are; a version of which any AUC falls by more than 0.0005 for it is refused.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public RowPrecision Precision { get; init; }

    /// <summary>How many sightings give an id a row of its own; 1 admits at once. 1 to 255.</summary>
    public int AdmitAfter { get; init; } = 1;

    /// <summary>How long, in event time, a row outlives its id's last sighting; null is for ever.</summary>
    public TimeSpan? ExpireAfter { get; init; }

    /// <summary>
    /// L2 decay of a row in each batch that reads it, divided by how often its id has been read (Zhou et al., DIN, KDD
    /// 2018, eq. 9): rare ids, which are overfitted first, are held most.
    /// </summary>
    public float FrequencyDecay { get; init; }

    /// <summary>The probability, 0 to 0.9, with which an id reads its feature's unknown row in training.</summary>
    public float IdDropout { get; init; }

    /// <summary>
    /// Whether all rows and sightings are forgotten before each further epoch, while the dense weights go on: no row is
    /// trained twice on an example (Fan et al., Multi-Epoch Learning with Data Augmentation for Deep CTR Prediction, 2024).
    /// </summary>
    public bool ResetEachEpoch { get; init; }

    /// <summary>
    /// The features, by id, of whose rows in the same example the mean is an admitted id's first row; null where that is
    /// random. Each reads its id's row, or its unknown row, and a list the mean of its rows. Pan et al., Warm Up Cold-start
    /// Advertisements, SIGIR 2019, learn a function of such features for it; this is their plain mean. The example must be
    /// about the id: what one of many ids in a list is like, its features do not tell.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<int>? InitFrom { get; init; }
}
