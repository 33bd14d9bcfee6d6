using System.Collections.Immutable;
using Ranking.Core;
using Ranking.Models;
using static TorchSharp.torch;

namespace Ranking.Learning;

/// <summary>Runs the graph's nodes on tensors. Values live in the dispose scope of the caller.</summary>
/// <param name="graph">The graph.</param>
/// <param name="layout">Where its leaves stand in the input matrix.</param>
/// <param name="plan">How its dense layers are grouped.</param>
/// <param name="parameters">The weights.</param>
/// <param name="calibrator">The calibration of its tasks.</param>
/// <param name="trees">The trees beside its networks.</param>
/// <param name="product">Multiplies on the CPU; null where libtorch does.</param>
internal sealed class Network(
    ScoringGraph graph, InputLayout layout, DensePlan plan, DenseParameters parameters, Calibrator calibrator, BoostedTrees trees, MatrixProduct? product)
{
    /// <summary>The values of nodes, for one batch.</summary>
    /// <param name="input">[rows, layout width].</param>
    /// <param name="sequences">The entries of each of the layout's sequences.</param>
    /// <param name="dropout">Draws what is dropped; null when serving, where the serving shift is added instead.</param>
    /// <param name="nodes">The nodes asked for.</param>
    /// <param name="batch">The encoded rows, whose values choose the calibration.</param>
    public Tensor[] Run(Tensor input, Entries[] sequences, Generator? dropout, IEnumerable<int> nodes, EncodedBatch batch)
    {
        var pass = new Pass(this, input, sequences, dropout, batch);
        return [.. nodes.Select(pass.Value)];
    }

    /// <summary>One batch on its way through the graph; each node and group is computed once, when first read.</summary>
    private sealed class Pass(Network network, Tensor input, Entries[] sequences, Generator? dropout, EncodedBatch batch)
    {
        private readonly Tensor?[] values = new Tensor?[network.Graph.Nodes.Length];
        private Tensor[]? leaves;
        private readonly Tensor?[] groups = new Tensor?[network.Plan.Groups.Count];

        public Tensor Value(int node) => values[node] ??= network.Graph.Nodes[node] switch
        {
            ConcatNode concat => Concat(concat),
            DenseNode => Member(node),
            TargetAttentionNode attention => Attend(attention, node),
            DropoutNode read => Value(read.Input),
            SoftmaxNode softmax => Value(softmax.Input).softmax(-1),
            MixNode => Mix(node),
            PeriodicNode periodic => Periodic(Value(periodic.Input).Clamp(-PeriodicNode.Farthest, PeriodicNode.Farthest)),
            CrossNode cross => Value(cross.Previous).AddCMul(Value(cross.First), Value(cross.Layer)),
            FactorizationNode pairs => Interactions.Factorize(Value(pairs.Input), pairs),
            FieldMeansNode means => Value(means.Input).mm(Interactions.Means(means.Fields, network.Graph.Nodes[means.Input].Width, input.device)),
            FieldGateNode gate => Value(gate.Input) * Value(gate.Gate).sigmoid().Mul(2).mm(Interactions.Members(gate.Fields, gate.Width, input.device)),
            TreesNode trees => network.Trees.Apply(trees, Value(trees.Input)),
            MeanNode mean => mean.Values.Select((value, number) => Value(value).Mul(mean.ShareOf(number))).Aggregate(TensorArithmetic.Add),
            ServingShiftNode shift => dropout is null ? Value(shift.Input).Add(shift.Constant) : Value(shift.Input),
            CalibrationNode calibration => network.Calibrator.Apply(calibration, Value(calibration.Input), batch),
            SigmoidNode sigmoid => Value(sigmoid.Input).sigmoid(),
            ProductNode product => product.Factors.Select(Value).Aggregate((left, right) => left * right),
            _ => Leaf(network.Layout.Of(node)!),
        };

        // All at once: the gradient of one part alone would be of the whole's size.
        private Tensor Leaf(InputLeaf leaf)
        {
            var all = network.Layout.Leaves.Where(each => each.Sequence < 0).ToList();
            leaves ??= input.split([.. all.Select(each => (long)each.Width)], 1);
            return leaves[all.IndexOf(leaf)];
        }

        // Leaves that are neighbours are a range of columns.
        private Tensor Concat(ConcatNode concat)
        {
            var pieces = new List<Tensor>();
            for (int from = 0, to; from < concat.Parts.Length; from = to)
            {
                to = from + 1;
                if (network.Layout.Of(concat.Parts[from]) is not { } first)
                {
                    pieces.Add(Value(concat.Parts[from]));
                    continue;
                }

                var end = first.Column + first.Width;
                for (; to < concat.Parts.Length && network.Layout.Of(concat.Parts[to]) is { } leaf && leaf.Column == end; to++)
                {
                    end += leaf.Width;
                }

                var width = end - first.Column;
                pieces.Add(width == network.Layout.Width ? input : input.narrow(1, first.Column, width));
            }

            return pieces.Count == 1 ? pieces[0] : cat([.. pieces], 1);
        }

        private Tensor Attend(TargetAttentionNode attention, int node)
        {
            var number = network.Layout.Sequences.First(layout => layout.Node == node).First.Sequence;
            var (entries, group) = (sequences[number], network.Plan.AttentionOf(node));
            var query = entries.Repeat(cat([.. attention.Query.Select(Value)], 1));
            var keys = entries.Values.narrow(1, 0, query.shape[1]);
            var hidden = Multiply(cat([entries.Values, query, keys - query, keys * query], 1), group, isRelu: true);
            return entries.Sum(entries.Values * Multiply(hidden, group + 1, isRelu: false));
        }

        // Whole turns are taken off where that is exact.
        private static Tensor Periodic(Tensor turns)
        {
            var angle = (turns - turns.detach().round()).Mul(2 * MathF.PI);
            return cat([angle.sin(), angle.cos()], 1);
        }

        private Tensor Member(int node)
        {
            var number = network.Plan.GroupOf(node);
            var group = network.Plan.Groups[number];
            var result = Group(number);
            var place = group.Members.IndexOf(node);
            return group.IsStacked ? result.select(0, place)
                : group.Members.Length == 1 ? result
                : result.narrow(1, group.Widths.Take(place).Sum(), group.Widths[place]);
        }

        private Tensor Group(int number) => groups[number] ??= Compute(number);

        private Tensor Compute(int number)
        {
            var group = network.Plan.Groups[number];
            var input = group.IsStacked
                ? Stacked([.. group.Members.Select(member => network.Plan.Resolve(Layer(member).Input))])
                : Value(Layer(group.Members[0]).Input);
            return Drop(Multiply(input, number, Layer(group.Members[0]).Activation == Activation.Relu), group.Dropout);
        }

        private Tensor Multiply(Tensor input, int number, bool isRelu)
        {
            var (weight, bias) = (network.Parameters.Leaves[2 * number], network.Parameters.Leaves[(2 * number) + 1]);
            if (network.Product is { } product)
            {
                return DenseFunction.Apply(product, input, weight, bias, isRelu);
            }

            var result = network.Plan.Groups[number].IsStacked ? input.bmm(weight).Add_(bias) : bias.addmm(input, weight);
            return isRelu ? result.relu_() : result;
        }

        private DenseNode Layer(int node) => (DenseNode)network.Graph.Nodes[node];

        private Tensor Drop(Tensor value, float rate)
        {
            if (rate == 0 || dropout is null)
            {
                return value;
            }

            var keep = empty_like(value, requires_grad: false).bernoulli_(1 - rate, dropout).Div_(1 - rate);
            return value * keep;
        }

        /// <summary>[members, rows, width] of nodes that one group computed, or that are put together here.</summary>
        private Tensor Stacked(ImmutableArray<int> nodes)
        {
            var dense = nodes.Where(node => network.Graph.Nodes[node] is DenseNode).Select(network.Plan.GroupOf).Distinct().ToList();
            if (dense.Count == 1)
            {
                var group = network.Plan.Groups[dense[0]];
                if (group.IsStacked && group.Members.SequenceEqual(nodes))
                {
                    return Group(dense[0]);
                }

                var place = group.Members.IndexOf(nodes[0]);
                if (!group.IsStacked && place + nodes.Length <= group.Members.Length && group.Members.AsSpan(place, nodes.Length).SequenceEqual(nodes.AsSpan()))
                {
                    var width = group.Widths[place];
                    var result = Group(dense[0]);
                    // The gradient of a part is a copy of the whole's size: none is taken of the whole.
                    var run = nodes.Length == group.Members.Length ? result
                        : result.narrow(1, group.Widths.Take(place).Sum(), width * nodes.Length);
                    return run.unflatten(1, [nodes.Length, width]).transpose(0, 1);
                }
            }

            return stack([.. nodes.Select(Value)], 0);
        }

        private Tensor Mix(int node)
        {
            var mix = (MixNode)network.Graph.Nodes[node];
            var experts = Stacked([.. mix.Experts.Select(network.Plan.Resolve)]);
            if (network.Product is not { } product)
            {
                return (experts * Value(mix.Gate).t().unsqueeze(2)).sum([0L]);
            }

            var alike = network.Plan.MixesLike(mix);
            var mixed = MixFunction.Apply(product.Threads, experts, alike.Select(other => Value(((MixNode)network.Graph.Nodes[other]).Gate)));
            for (var i = 0; i < alike.Length; i++)
            {
                values[alike[i]] = mixed[i];
            }

            return values[node]!;
        }
    }

    private ScoringGraph Graph => graph;

    private InputLayout Layout => layout;

    private DensePlan Plan => plan;

    private DenseParameters Parameters => parameters;

    private Calibrator Calibrator => calibrator;

    private BoostedTrees Trees => trees;

    private MatrixProduct? Product => product;
}
