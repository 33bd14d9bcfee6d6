using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Ranking.Models;

/// <summary>Optimisers of the dense weights.</summary>
public enum DenseOptimizer : byte
{
    /// <summary>Kingma and Ba, 2015.</summary>
    Adam = 0,

    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, 2019).</summary>
    AdamW = 1,
}

/// <summary>How a model that was trained in epochs learns on from a log, each example once, in the log's order.</summary>
public sealed record OnlineSpec
{
    /// <summary>Examples a step, 1 to 65,536.</summary>
    [Range(1, 65_536)]
    public int BatchSize { get; init; } = 1024;

    /// <summary>A batch also ends where event time crosses a multiple of this; null is never.</summary>
    public TimeSpan? BatchEvery { get; init; }

    /// <summary>
    /// What the step sizes of weights and embeddings are multiplied by: smaller ones forget less of the epochs. With 0 they
    /// stand still, and statistics and the calibration alone follow the log.
    /// </summary>
    [Range(0.0, 10.0)]
    public float StepScale { get; init; } = 1;
}

/// <summary>How a model is trained.</summary>
public sealed record TrainingSpec
{
    /// <summary>Initial weights, dropout and the order of epochs follow from it.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Examples a step, 1 to 65,536.</summary>
    [Range(1, 65_536)]
    public int BatchSize { get; init; } = 1024;

    /// <summary>A batch also ends where event time crosses a multiple of this; null is never.</summary>
    public TimeSpan? BatchEvery { get; init; }

    /// <summary>The optimiser of the dense weights.</summary>
    public DenseOptimizer Optimizer { get; init; } = DenseOptimizer.Adam;

    /// <summary>The optimiser's step size.</summary>
    [Range(1e-9, 10.0)]
    public float LearningRate { get; init; } = 0.001f;

    /// <summary>Its weight decay.</summary>
    [Range(0.0, 1.0)]
    public float WeightDecay { get; init; }

    /// <summary>The step size of row-wise Adagrad on the embeddings.</summary>
    [Range(1e-9, 10.0)]
    public float EmbeddingLearningRate { get; init; } = 0.02f;

    /// <summary>L2 decay of the embedding rows that a batch touches.</summary>
    [Range(0.0, 1.0)]
    public float EmbeddingDecay { get; init; }

    /// <summary>Standard deviation of a new embedding row's values.</summary>
    [Range(0.0, 10.0)]
    public float EmbeddingInit { get; init; } = 0.01f;

    /// <summary>Passes over a finite log's training split; a live log has one.</summary>
    [Range(1, 1000)]
    public int Epochs { get; init; } = 1;

    /// <summary>How many epochs in a row may end with a validation loss no better than the best before training ends.</summary>
    [Range(0, 1000)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Patience { get; init; }

    /// <summary>Whether step sizes fall to zero in a straight line over the epochs; a live log's stay as they are.</summary>
    public bool DecayLearningRate { get; init; }

    /// <summary>
    /// Whether statistics and sequences stop with the train splits: the best epoch is chosen, and the model calibrated, for
    /// a service that reads them as they were then. Without it they go on through the validation split, as where a trainer
    /// writes them while the model is served.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool FreezeHistory { get; init; }

    /// <summary>
    /// How the model of the epochs goes on along the log, from the first impression that is of neither the train nor the
    /// validation split: predict, then train. Null ends training with the epochs.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OnlineSpec? Online { get; init; }

    /// <summary>
    /// The share of impressions without any positive label that is kept, by a hash of the impression; the logit of the
    /// root task is corrected by its logarithm in the graph. 1 keeps all.
    /// </summary>
    [Range(1e-6, 1.0)]
    public float KeepNegatives { get; init; } = 1;

    /// <summary>How many examples the transforms of numeric features are fitted on, from the log's beginning.</summary>
    [Range(1, 10_000_000)]
    public int FitTransformsOn { get; init; } = 20_000;

    /// <summary>A version is offered to the gate after this many examples; null is only at the end.</summary>
    [Range(1, 1e15)]
    public long? PublishEveryExamples { get; init; }

    /// <summary>A version is offered to the gate where event time crosses a multiple of this; null is never.</summary>
    public TimeSpan? PublishEvery { get; init; }

    /// <summary>
    /// Between versions, what learning has changed of the ids' embeddings is published where event time crosses a multiple of
    /// this, as a delta over the last version; weights come with the next one. Null is never.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeSpan? DeltaEvery { get; init; }

    /// <summary>Examples whose progressive log loss the gate compares.</summary>
    [Range(1, 100_000_000)]
    public int GateExamples { get; init; } = 50_000;

    /// <summary>How much worse, relatively, the log loss may be than the served version's.</summary>
    [Range(0.0, 10.0)]
    public double GateTolerance { get; init; } = 0.01;
}
