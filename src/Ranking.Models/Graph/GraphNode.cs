using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ranking.Core;

namespace Ranking.Models;

/// <summary>
/// One step of a scoring graph: a value of <see cref="Width"/> numbers a row. Inputs are indices of earlier nodes.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "op")]
[JsonDerivedType(typeof(EmbedNode), "embed")]
[JsonDerivedType(typeof(NumberNode), "number")]
[JsonDerivedType(typeof(PiecewiseNode), "piecewise")]
[JsonDerivedType(typeof(SequenceNode), "sequence")]
[JsonDerivedType(typeof(TargetAttentionNode), "target_attention")]
[JsonDerivedType(typeof(ConcatNode), "concat")]
[JsonDerivedType(typeof(DenseNode), "dense")]
[JsonDerivedType(typeof(DropoutNode), "dropout")]
[JsonDerivedType(typeof(SoftmaxNode), "softmax")]
[JsonDerivedType(typeof(MixNode), "mix")]
[JsonDerivedType(typeof(PeriodicNode), "periodic")]
[JsonDerivedType(typeof(CrossNode), "cross")]
[JsonDerivedType(typeof(FactorizationNode), "factorization")]
[JsonDerivedType(typeof(FieldMeansNode), "field_means")]
[JsonDerivedType(typeof(FieldGateNode), "field_gate")]
[JsonDerivedType(typeof(TreesNode), "trees")]
[JsonDerivedType(typeof(MeanNode), "mean")]
[JsonDerivedType(typeof(ServingShiftNode), "serving_shift")]
[JsonDerivedType(typeof(CalibrationNode), "calibration")]
[JsonDerivedType(typeof(SigmoidNode), "sigmoid")]
[JsonDerivedType(typeof(ProductNode), "product")]
public abstract record GraphNode
{
    /// <summary>Numbers a row.</summary>
    public required int Width { get; init; }

    /// <summary>What the value depends on.</summary>
    public required ScopeSet Scopes { get; init; }

    /// <summary>The nodes that it reads, in order.</summary>
    [JsonIgnore]
    public abstract ImmutableArray<int> Inputs { get; }
}

/// <summary>What reads rows of an embedding table.</summary>
/// <param name="FeatureId">The feature whose missing and unknown row it reads.</param>
/// <param name="Table">The embedding table: the feature's, or one task's own copy of it.</param>
public abstract record TableNode(int FeatureId, string Table) : GraphNode
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<int> Inputs => [];
}

/// <summary>The pooled embedding of one feature.</summary>
public sealed record EmbedNode(int FeatureId, string Table) : TableNode(FeatureId, Table);

/// <summary>One transformed number; a second column with the missing indicator where the feature asks for it.</summary>
public sealed record NumberNode(int FeatureId) : GraphNode
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<int> Inputs => [];
}

/// <summary>
/// One transformed number by its way through fitted bins (<see cref="PiecewiseLinear"/>); a last column with the missing
/// indicator where the feature asks for it.
/// </summary>
public sealed record PiecewiseNode(int FeatureId) : GraphNode
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<int> Inputs => [];
}

/// <summary>Values side by side, ordered by scope: user, context, item, pair, then what crosses them.</summary>
public sealed record ConcatNode(ImmutableArray<int> Parts) : GraphNode
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<int> Inputs => Parts;
}

/// <summary>The activation of a dense layer.</summary>
public enum Activation : byte
{
    /// <summary>The identity.</summary>
    None = 0,

    /// <summary>max(0, x).</summary>
    Relu = 1,
}

/// <summary>y = activation(x · W + b).</summary>
/// <param name="Input">x, of width n.</param>
/// <param name="Weight">The buffer of W, [n, width].</param>
/// <param name="Bias">The buffer of b, [width].</param>
/// <param name="Activation">Applied to each number.</param>
public sealed record DenseNode(int Input, string Weight, string Bias, Activation Activation) : GraphNode
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<int> Inputs => [Input];
}

/// <summary>In training, drops a share of the numbers and scales the others up; when serving, the identity.</summary>
public sealed record DropoutNode(int Input, float Rate) : GraphNode
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<int> Inputs => [Input];
}

/// <summary>exp(x) / Σ exp(x) over the row.</summary>
public sealed record SoftmaxNode(int Input) : GraphNode
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<int> Inputs => [Input];
}

/// <summary>The sum of the experts, weighted by the gate.</summary>
/// <param name="Gate">One number for each expert.</param>
/// <param name="Experts">All of one width.</param>
public sealed record MixNode(int Gate, ImmutableArray<int> Experts) : GraphNode
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<int> Inputs => [Gate, .. Experts];
}

/// <summary>The sines of all numbers, then their cosines: sin 2πx and cos 2πx (Gorishniy et al., NeurIPS 2022, section 3.3).</summary>
/// <param name="Input">x, in turns; one that is farther from 0 than <see cref="Farthest"/> counts as that.</param>
public sealed record PeriodicNode(int Input) : GraphNode
{
    /// <summary>Up to here a 32-bit number tells an eighth of a turn.</summary>
    public const float Farthest = 1 << 20;

    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<int> Inputs => [Input];
}

/// <summary>x₀ · h + x, number by number: a cross layer (Wang et al., DCN-V2, WWW 2021, eq. 1).</summary>
/// <param name="First">x₀, what the first cross layer reads.</param>
/// <param name="Layer">h, a dense layer on x without an activation.</param>
/// <param name="Previous">x, what the cross layer before this one gave; all three of one width.</param>
public sealed record CrossNode(int First, int Layer, int Previous) : GraphNode
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<int> Inputs => [First, Layer, Previous];
}

/// <summary>
/// ½ · ((Σ v)² − Σ v²), number by number: the products of all pairs of fields (He and Chua, NFM, SIGIR 2017, eq. 4), whose sum
/// over the numbers is the second-order term of a factorisation machine (Rendle, ICDM 2010, eq. 1 and lemma 3.1).
/// </summary>
/// <param name="Input">The value that has the fields.</param>
/// <param name="Fields">The first number of each field in it, ascending; each is as wide as the node.</param>
public sealed record FactorizationNode(int Input, ImmutableArray<int> Fields) : GraphNode
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<int> Inputs => [Input];
}

/// <summary>The mean of each field's numbers: what SENet calls squeeze (Huang et al., FiBiNET, RecSys 2019).</summary>
/// <param name="Input">The value that consists of the fields.</param>
/// <param name="Fields">The first number of each field in it, ascending from 0.</param>
public sealed record FieldMeansNode(int Input, ImmutableArray<int> Fields) : GraphNode
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<int> Inputs => [Input];
}

/// <summary>Each field times 2 / (1 + exp(−gate)): 1 where the gate is undecided, from 0 to 2.</summary>
/// <param name="Input">The value that consists of the fields.</param>
/// <param name="Gate">A logit for each field.</param>
/// <param name="Fields">The first number of each field in it, ascending from 0.</param>
public sealed record FieldGateNode(int Input, int Gate, ImmutableArray<int> Fields) : GraphNode
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<int> Inputs => [Input, Gate];
}

/// <summary>
/// The sum of boosted trees (<see cref="TreeEnsemble"/>), of width 1. Losses do not read it: trees are grown, not learned by
/// steps.
/// </summary>
/// <param name="Input">The numbers that the trees look at, side by side.</param>
/// <param name="Count">How many trees.</param>
/// <param name="Splits">The buffer of the splits, [trees · (leaves − 1), 4]: number, threshold, left, right.</param>
/// <param name="Leaves">The buffer of the leaves, [trees, leaves].</param>
public sealed record TreesNode(int Input, int Count, string Splits, string Leaves) : GraphNode
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<int> Inputs => [Input];
}

/// <summary>The weighted mean of the values, number by number. Losses read each of them by itself.</summary>
public sealed record MeanNode(ImmutableArray<int> Values) : GraphNode
{
    /// <summary>What share of the mean each value has; the sum is 1. Null is equal shares.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<float>? Shares { get; init; }

    /// <summary>The share of each value.</summary>
    public float ShareOf(int value) => Shares is { } shares ? shares[value] : 1f / Values.Length;

    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<int> Inputs => Values;
}

/// <summary>x + constant when serving; x − in training, where the constant is what sampling did to the data.</summary>
public sealed record ServingShiftNode(int Input, float Constant) : GraphNode
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<int> Inputs => [Input];
}

/// <summary>
/// The calibrated logit (<see cref="CalibrationMap"/>) when serving and when predicting. Losses read the logit before it,
/// so that training knows nothing of it.
/// </summary>
/// <param name="Input">The logit, of width 1.</param>
/// <param name="Method">The form of the maps.</param>
/// <param name="Maps">The buffer of the maps, [1 + slices, numbers a map]; the first is that of values without one.</param>
/// <param name="Slices">The buffer of the slices' keys, [slices, 4], 16 bits a number; null where there is one map.</param>
/// <param name="FeatureId">The categorical feature whose value chooses the map; 0 where there is one map.</param>
public sealed record CalibrationNode(int Input, CalibrationMethod Method, string Maps, string? Slices, int FeatureId) : GraphNode
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<int> Inputs => [Input];
}

/// <summary>1 / (1 + exp(−x)).</summary>
public sealed record SigmoidNode(int Input) : GraphNode
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<int> Inputs => [Input];
}

/// <summary>The product of the factors, number by number.</summary>
public sealed record ProductNode(ImmutableArray<int> Factors) : GraphNode
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<int> Inputs => Factors;
}
