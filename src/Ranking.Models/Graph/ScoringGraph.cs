using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Ranking.Models;

/// <summary>What an output means.</summary>
public enum OutputKind : byte
{
    /// <summary>A task's logit.</summary>
    Logit = 0,

    /// <summary>A task's probability, given its condition.</summary>
    Probability = 1,

    /// <summary>The product of a conditional task's probability with its ancestors'.</summary>
    Joint = 2,

    /// <summary>A vector (a user's or an item's), for retrieval.</summary>
    Vector = 3,
}

/// <summary>A named value of the graph.</summary>
/// <param name="Name">The name in responses and objectives.</param>
/// <param name="Kind">What it means.</param>
/// <param name="Task">The index of the task that it belongs to, or −1.</param>
/// <param name="Node">The node that computes it.</param>
public sealed record GraphOutput(string Name, OutputKind Kind, int Task, int Node);

/// <summary>A buffer of trained numbers.</summary>
/// <param name="Name">Its name in the artifact.</param>
/// <param name="Rows">Inputs of the layer; 1 for a bias.</param>
/// <param name="Columns">Outputs of the layer.</param>
public sealed record GraphParameter(string Name, int Rows, int Columns)
{
    /// <summary>How many numbers it has.</summary>
    public int Length => Rows * Columns;

    /// <summary>How wide its numbers lie before they are learned; a bias begins at 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public DenseInit Init { get; init; }

    /// <summary>The standard deviation of its numbers before they are learned; null where the layer's size decides.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? InitialDeviation { get; init; }
}

/// <summary>
/// What a model computes, without saying how: nodes in an order in which each stands after those that it reads. Run by
/// the libtorch backend (training) and the CPU backend (serving); probabilities agree within 1e-5.
/// </summary>
/// <param name="Nodes">The steps.</param>
/// <param name="Outputs">The named values; for every task its logit <c>NAME_logit</c>, its probability, and its joint one.</param>
/// <param name="Parameters">The dense weights that the nodes name, in the order of their first use.</param>
public sealed record ScoringGraph(
    ImmutableArray<GraphNode> Nodes, ImmutableArray<GraphOutput> Outputs, ImmutableArray<GraphParameter> Parameters)
{
    /// <summary>The logits that losses read for a task's: one for each of the model's networks.</summary>
    public ImmutableArray<int> LearnedLogits(GraphOutput logit) => [.. Averaged(logit).Where(value => Nodes[value] is not TreesNode)];

    /// <summary>The trees that have a share in a task's logit; null where it has none.</summary>
    public TreesNode? TreesOf(GraphOutput logit) => Averaged(logit).Select(value => Nodes[value]).OfType<TreesNode>().SingleOrDefault();

    /// <summary>The calibration of a probability, or of a joint output's own factor; null where it has none.</summary>
    public CalibrationNode? CalibrationOf(GraphOutput output)
    {
        var probability = Nodes[output.Node] is ProductNode product ? product.Factors[^1] : output.Node;
        return Nodes[Nodes[probability].Inputs[0]] as CalibrationNode;
    }

    private ImmutableArray<int> Averaged(GraphOutput logit)
    {
        var node = Nodes[logit.Node] is ServingShiftNode shift ? shift.Input : logit.Node;
        return Nodes[node] is MeanNode mean ? mean.Values : [node];
    }
}
