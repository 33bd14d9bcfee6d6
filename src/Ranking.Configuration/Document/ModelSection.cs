using System.ComponentModel.DataAnnotations;
using Ranking.Core;
using Ranking.Models;

namespace Ranking.Configuration;

/// <summary>The networks by the names that they have in a job file.</summary>
internal enum ArchitectureName
{
    /// <summary>A network of its own for each task.</summary>
    SingleTask,

    /// <summary>One bottom for all tasks.</summary>
    SharedBottom,

    /// <summary>Experts mixed by a gate for each task.</summary>
    Mmoe,

    /// <summary>Conditional tasks learned over all impressions, with any of the others beneath.</summary>
    Esmm,
}

/// <summary>The shape of the network, and of others beside it.</summary>
internal sealed record ModelSection : NetworkSection
{
    /// <summary>
    /// Networks beside this one, each with embeddings and a loss of its own, whose logits are averaged with its: one model that
    /// depends less on what each takes for a signal by chance. Epochs train each by itself, a live log all at once.
    /// </summary>
    public List<NetworkSection> Members { get; init; } = [];

    /// <summary>In what numbers it is served.</summary>
    public ScoringPrecision Precision { get; init; }

    /// <summary>Boosted trees beside the networks, which read every numeric input; none where not given.</summary>
    public TreesSpec? Trees { get; init; }
}

/// <summary>The shape of one network.</summary>
internal record NetworkSection
{
    /// <summary>The network; esmm trains conditional tasks over all impressions, with the network named in over.</summary>
    public required ArchitectureName Architecture { get; init; }

    /// <summary>The network beneath esmm; shared_bottom where not given.</summary>
    public ArchitectureKind? Over { get; init; }

    /// <summary>Hidden widths of the bottom (shared_bottom) or of each task's network (single_task).</summary>
    [Range(1, 8192)]
    public List<int>? Bottom { get; init; }

    /// <summary>How many experts (mmoe).</summary>
    [Range(2, 64)]
    public int? Experts { get; init; }

    /// <summary>Hidden widths of each expert (mmoe).</summary>
    [Range(1, 8192)]
    public List<int>? Expert { get; init; }

    /// <summary>Hidden widths of each task's tower.</summary>
    [Range(1, 8192)]
    public List<int>? Tower { get; init; }

    /// <summary>
    /// Features that the network does not read, statistics and sequences among them, while statistics by ids, sequences of
    /// them and what weighs the entries of those for a candidate still do: ids, for one, that it would learn by heart. A '*'
    /// stands for any characters.
    /// </summary>
    public List<string> LeaveOut { get; init; } = [];

    /// <summary>The share of hidden units dropped in training.</summary>
    [Range(0.0, 0.9)]
    public float Dropout { get; init; }

    /// <summary>What the dense weights are before they are learned.</summary>
    public DenseInit DenseInit { get; init; }

    /// <summary>Cross layers (DCN-V2) between the features and the network; none where not given.</summary>
    public CrossEntry? Cross { get; init; }

    /// <summary>Whether the network also reads the products of all pairs of embeddings of one dimension: a factorisation machine.</summary>
    public bool Fm { get; init; }

    /// <summary>A gate for each feature (FiBiNET), which scales what all that follows reads of it; none where not given.</summary>
    public FeatureGateEntry? FeatureGate { get; init; }

    /// <summary>
    /// How much tasks' losses count in this network, by the task's name; as the task says where not given. Of several networks,
    /// each has as much of a say in a task's logit.
    /// </summary>
    [Range(1e-6, 1e6)]
    public OrderedDictionary<string, float> LossWeights { get; init; } = [];

    /// <summary>Passes of this network over a finite log's training split; as training says where not given.</summary>
    [Range(1, 1000)]
    public int? Epochs { get; init; }

    /// <summary>Examples a step in those passes; as training says where not given. On a live log all networks have one batch.</summary>
    [Range(1, 65_536)]
    public int? BatchSize { get; init; }
}

/// <summary>A gate for each feature, which reads the means of all.</summary>
internal sealed record FeatureGateEntry
{
    /// <summary>How many features share one hidden unit of the gate.</summary>
    [Range(1, 64)]
    public int Reduction { get; init; } = 4;
}

/// <summary>Cross layers: products of features, learned in full matrices or in such of a low rank.</summary>
internal sealed record CrossEntry
{
    /// <summary>How many; each raises the degree of the interactions by one.</summary>
    [Range(1, 8)]
    public int Layers { get; init; } = 2;

    /// <summary>The rank of their matrices; full where not given.</summary>
    [Range(1, 4096)]
    public int? Rank { get; init; }
}

/// <summary>One predicted probability.</summary>
internal sealed record TaskEntry
{
    /// <summary>What it is.</summary>
    public TaskKind Kind { get; init; }

    /// <summary>The outcome that makes the label positive.</summary>
    public required string Outcome { get; init; }

    /// <summary>The parent task, for a probability under the condition that the parent's outcome happened.</summary>
    public string? Given { get; init; }

    /// <summary>The name of the product with the parents' probabilities; the task's name with _joint where not given.</summary>
    public string? Joint { get; init; }

    /// <summary>How much its loss counts.</summary>
    [Range(1e-6, 1e6)]
    public float LossWeight { get; init; } = 1;

    /// <summary>How long after the impression an outcome counts.</summary>
    public required TimeSpan Window { get; init; }

    /// <summary>How much longer the label waits for events that come late.</summary>
    public TimeSpan Lateness { get; init; }

    /// <summary>How the probability is set right after training; as in the job's calibration where not given.</summary>
    public CalibrationSection? Calibration { get; init; }
}

/// <summary>
/// How probabilities are set right after training: on the validation split where epochs have one, else on the newest
/// training.gate_examples predictions that were made before their examples were learned from.
/// </summary>
internal sealed record CalibrationSection
{
    /// <summary>The form of the map: none, platt (two numbers) or isotonic (any rising curve).</summary>
    public CalibrationMethod Method { get; init; }

    /// <summary>The categorical feature whose values have maps of their own; one map for all where not given.</summary>
    public string? By { get; init; }

    /// <summary>Points of an isotonic map at most.</summary>
    [Range(2, 1024)]
    public int Knots { get; init; } = 32;

    /// <summary>Values of the feature in by that have a map of their own at most: those seen most often.</summary>
    [Range(1, 4096)]
    public int Slices { get; init; } = 64;

    /// <summary>Examples that a value needs for a map of its own; given a parent, those whose condition is met.</summary>
    [Range(100, 100_000_000)]
    public int MinExamples { get; init; } = 1000;
}

/// <summary>How task scores become one final score.</summary>
internal sealed record ObjectiveEntry
{
    /// <summary>An expression over task outputs, the constants, and numeric features of item or pair.</summary>
    public required string Formula { get; init; }

    /// <summary>Named numbers that a request may override.</summary>
    public OrderedDictionary<string, double> Constants { get; init; } = [];
}
