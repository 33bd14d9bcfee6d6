using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ranking.Core;

namespace Ranking.Models;

/// <summary>The networks that are built in.</summary>
public enum ArchitectureKind : byte
{
    /// <summary>A network of its own for each task, embeddings included.</summary>
    SingleTask = 0,

    /// <summary>One bottom for all tasks, a tower for each (Caruana, Multitask Learning, 1997).</summary>
    SharedBottom = 1,

    /// <summary>Experts mixed by a softmax gate for each task (Ma et al., MMoE, KDD 2018, eq. 6 and 7).</summary>
    Mmoe = 2,
}

/// <summary>How wide the weights of a dense layer lie before they are learned; evenly spread, the biases 0.</summary>
public enum DenseInit : byte
{
    /// <summary>Within ±√(6 / (inputs + outputs)): Glorot and Bengio, 2010.</summary>
    Glorot = 0,

    /// <summary>
    /// Within ±1 / √inputs, as PyTorch's linear layers: about half as wide. With 810 statistics of KuaiRand as inputs it gave
    /// .002 of AUC for CTR and .005 for CVR over Glorot (one seed); with two hundred there was no clear winner.
    /// </summary>
    FanIn = 1,
}

/// <summary>The shape of the network.</summary>
public sealed record ArchitectureSpec
{
    /// <summary>The network.</summary>
    public required ArchitectureKind Kind { get; init; }

    /// <summary>
    /// Conditional tasks learn through their joint probability over all impressions (Ma et al., ESMM, SIGIR 2018, eq. 3)
    /// instead of over the impressions whose condition is met.
    /// </summary>
    public bool EntireSpace { get; init; }

    /// <summary>Hidden widths of the bottom (shared bottom) or of each task's network (single task).</summary>
    public ImmutableArray<int> Bottom { get; init; } = [256, 128];

    /// <summary>How many experts (MMoE), 2 to 64.</summary>
    public int Experts { get; init; } = 4;

    /// <summary>Hidden widths of each expert.</summary>
    public ImmutableArray<int> Expert { get; init; } = [128, 64];

    /// <summary>Hidden widths of each task's tower.</summary>
    public ImmutableArray<int> Tower { get; init; } = [64];

    /// <summary>The share of hidden units dropped in training, 0 to 0.9.</summary>
    public float Dropout { get; init; }

    /// <summary>What the dense weights are before they are learned.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public DenseInit DenseInit { get; init; }

    /// <summary>Cross layers on the inputs; null is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CrossSpec? Cross { get; init; }

    /// <summary>
    /// Whether the network also reads the products of all pairs of embeddings of one dimension, one vector for each dimension
    /// (Rendle, Factorization Machines, ICDM 2010; He and Chua, SIGIR 2017, eq. 4).
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Factorization { get; init; }

    /// <summary>
    /// Features, by id, that the network does not read; a sequence among them is not attended to. What attention weighs the
    /// entries of other sequences for, it still reads. Null is none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<int>? LeaveOut { get; init; }

    /// <summary>[tasks] how much each task's loss counts in this network; null is as the tasks say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<float>? LossWeights { get; init; }

    /// <summary>Its passes over a finite log's training split; null is as the training says.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Epochs { get; init; }

    /// <summary>Examples a step of its epochs; null is as the training says.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? BatchSize { get; init; }

    /// <summary>
    /// Networks beside this one, each with embeddings and a loss of its own; a task's logit is the mean of theirs, weighted as
    /// the task is in each (<see cref="ModelSpec.SharesOf"/>), so that what each takes for a signal by chance counts less
    /// (Lakshminarayanan et al., Deep Ensembles, NeurIPS 2017). Null is none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<ArchitectureSpec>? Members { get; init; }

    /// <summary>This network and those beside it.</summary>
    [JsonIgnore]
    public ImmutableArray<ArchitectureSpec> Networks => [this, .. Members ?? []];

    /// <summary>A gate for each feature, before all that reads the inputs; null is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FeatureGateSpec? FeatureGate { get; init; }

    /// <summary>How much a task's loss counts in this network.</summary>
    public float LossWeightOf(TaskSet tasks, int task) => LossWeights?[task] ?? tasks.Tasks[task].LossWeight;
}

/// <summary>
/// A gate for each feature that reads the means of all features' inputs (Huang et al., FiBiNET, RecSys 2019, the SENET layer).
/// </summary>
/// <param name="Reduction">How many features share one hidden unit of the gate, 1 to 64.</param>
public sealed record FeatureGateSpec(int Reduction);

/// <summary>Cross layers on the inputs (Wang et al., DCN-V2, WWW 2021, eq. 1 and 2).</summary>
/// <param name="Layers">How many, 1 to 8: the degree of the interactions less one.</param>
/// <param name="Rank">The rank of their matrices, 1 to 4096; null is the full one. The projection has a bias, which the layer's own makes redundant.</param>
public sealed record CrossSpec(int Layers, int? Rank);
