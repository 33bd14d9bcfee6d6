using System.Collections.Immutable;
using Ranking.Models;

namespace Ranking.Learning;

/// <summary>Where a parameter stands in the flat buffer: number (r, c) at <c>Offset + r · Stride + c</c>.</summary>
internal readonly record struct ParameterSlice(GraphParameter Parameter, int Offset, int Stride);

/// <summary>
/// Dense layers computed by one multiplication: layers of one input and activation, side by side ([in, Σ out]), or
/// equal layers on members of one earlier group, stacked ([members, in, out], a batched multiplication).
/// </summary>
internal sealed record LayerGroup(
    ImmutableArray<int> Members, bool IsStacked, ImmutableArray<int> Widths, int InputWidth, float Dropout, int WeightOffset, int BiasOffset);

/// <summary>Groups the graph's dense layers and lays their parameters out in one flat buffer.</summary>
internal sealed class DensePlan
{
    private readonly ScoringGraph graph;
    private readonly List<LayerGroup> groups = [];
    private readonly List<ParameterSlice> slices = [];
    private readonly Dictionary<int, int> groupOf = [];
    private readonly Dictionary<int, int> attentionOf = [];
    private readonly Dictionary<int, int> dropouts;

    public DensePlan(ScoringGraph graph)
    {
        this.graph = graph;

        // A dropout is applied with the layer that it follows; nothing else reads that layer.
        dropouts = Indices<DropoutNode>().ToDictionary(node => ((DropoutNode)graph.Nodes[node]).Input);
        var layers = Indices<DenseNode>().ToList();
        foreach (var sameInput in layers.GroupBy(node => (InputOf(node), Layer(node).Activation)).Where(group => group.Count() > 1))
        {
            Add([.. sameInput], false);
        }

        foreach (var node in layers)
        {
            if (!groupOf.ContainsKey(node))
            {
                var alike = layers.Where(other => !groupOf.ContainsKey(other) && IsAlike(node, other)).ToImmutableArray();
                Add(alike.Length > 1 && AreNeighbours(alike) ? alike : [node], alike.Length > 1 && AreNeighbours(alike));
            }
        }

        foreach (var node in Indices<TargetAttentionNode>())
        {
            var attention = (TargetAttentionNode)graph.Nodes[node];
            attentionOf[node] = groups.Count;
            var width = attention.Entries.Sum(entry => graph.Nodes[entry].Width) + (3 * attention.Query.Sum(part => graph.Nodes[part].Width));
            Add(node, attention.Hidden, width, TargetAttentionNode.Units);
            Add(node, attention.Weigh, TargetAttentionNode.Units, 1);
        }
    }

    /// <summary>The group of the hidden layer that an attention weighs entries by; the next one is its output.</summary>
    public int AttentionOf(int node) => attentionOf[node];

    /// <summary>The groups.</summary>
    public IReadOnlyList<LayerGroup> Groups => groups;

    /// <summary>The parameters, in the order of the flat buffer's groups.</summary>
    public IReadOnlyList<ParameterSlice> Parameters => slices;

    /// <summary>Numbers of the flat buffer.</summary>
    public int Length { get; private set; }

    /// <summary>The group that computes a dense layer.</summary>
    public int GroupOf(int node) => groupOf[node];

    /// <summary>The node itself, or the dense layer that it is the dropout of.</summary>
    public int Resolve(int node) => graph.Nodes[node] is DropoutNode dropout ? dropout.Input : node;

    /// <summary>The mixes of the same experts, that one among them.</summary>
    public int[] MixesLike(MixNode mix) =>
        [.. Indices<MixNode>().Where(node => ((MixNode)graph.Nodes[node]).Experts.SequenceEqual(mix.Experts))];

    private DenseNode Layer(int node) => (DenseNode)graph.Nodes[node];

    private int InputOf(int node) => Resolve(Layer(node).Input);

    private IEnumerable<int> Indices<T>() => Enumerable.Range(0, graph.Nodes.Length).Where(node => graph.Nodes[node] is T);

    private bool IsAlike(int node, int other) =>
        groupOf.TryGetValue(InputOf(node), out var from) && groupOf.TryGetValue(InputOf(other), out var otherFrom) && from == otherFrom
        && Layer(node).Width == Layer(other).Width && Layer(node).Activation == Layer(other).Activation
        && graph.Nodes[InputOf(node)].Width == graph.Nodes[InputOf(other)].Width;

    // In a stacked group every member must be read, in side by side ones a run of them.
    private bool AreNeighbours(ImmutableArray<int> layers)
    {
        var from = groups[groupOf[InputOf(layers[0])]];
        var places = layers.Select(layer => from.Members.IndexOf(InputOf(layer))).ToList();
        return places.Select((place, i) => place == places[0] + i).All(inOrder => inOrder)
            && (!from.IsStacked || places.Count == from.Members.Length);
    }

    // A layer that belongs to a node of another kind.
    private void Add(int node, string name, int inputWidth, int width)
    {
        groups.Add(new LayerGroup([node], false, [width], inputWidth, 0, Length, Length + (inputWidth * width)));
        slices.Add(new ParameterSlice(new GraphParameter($"{name}.weight", inputWidth, width), Length, width));
        slices.Add(new ParameterSlice(new GraphParameter($"{name}.bias", 1, width), Length + (inputWidth * width), width));
        Length += (inputWidth + 1) * width;
    }

    private void Add(ImmutableArray<int> members, bool isStacked)
    {
        var first = Layer(members[0]);
        var inputWidth = graph.Nodes[first.Input].Width;
        ImmutableArray<int> widths = [.. members.Select(member => graph.Nodes[member].Width)];
        var total = widths.Sum();
        var dropout = dropouts.TryGetValue(members[0], out var node) ? ((DropoutNode)graph.Nodes[node]).Rate : 0;
        var group = new LayerGroup(members, isStacked, widths, inputWidth, dropout, Length, Length + (inputWidth * total));
        for (int i = 0, column = 0; i < members.Length; column += widths[i++])
        {
            groupOf[members[i]] = groups.Count;
            var layer = Layer(members[i]);
            slices.Add(new ParameterSlice(
                graph.Parameters.First(parameter => parameter.Name == layer.Weight),
                group.WeightOffset + (isStacked ? column * inputWidth : column),
                isStacked ? widths[i] : total));
            slices.Add(new ParameterSlice(new GraphParameter(layer.Bias, 1, widths[i]), group.BiasOffset + column, widths[i]));
        }

        groups.Add(group);
        Length += (inputWidth + 1) * total;
    }
}
