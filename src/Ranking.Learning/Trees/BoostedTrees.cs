using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Ranking.Core;
using Ranking.Models;
using static TorchSharp.torch;

namespace Ranking.Learning;

/// <summary>The boosted trees of a model: their splits and leaves, how they are grown, and how they are applied.</summary>
internal sealed class BoostedTrees
{
    private readonly ModelSpec spec;
    private readonly ScoringGraph graph;
    private Dictionary<string, TreeEnsemble> ensembles = [];

    public BoostedTrees(ModelSpec spec, ScoringGraph graph)
    {
        (this.spec, this.graph) = (spec, graph);
        Parameters = TreeEnsemble.Empty(graph);
    }

    /// <summary>The numbers of the graph's trees, by name; none where it has no trees.</summary>
    public Dictionary<string, float[]> Parameters
    {
        get;
        set => (field, ensembles) = (value, graph.Nodes.OfType<TreesNode>().ToDictionary(node => node.Leaves, node => new TreeEnsemble(node, value)));
    }

    /// <summary>
    /// Grows the trees of every task anew. A task whose examples are all alike, or too few for two leaves, has trees that say
    /// nothing.
    /// </summary>
    /// <param name="examples">The training split, in any order that is always the same.</param>
    /// <param name="transforms">What was fitted for numeric features.</param>
    /// <param name="threads">On how many threads; the trees are the same on any number.</param>
    public void Grow(IEnumerable<Example> examples, ImmutableArray<NumericTransform> transforms, int threads)
    {
        var grown = TreeEnsemble.Empty(graph);
        var outputs = graph.Outputs.Where(output => output.Kind == OutputKind.Logit).ToList();
        var nodes = outputs.ConvertAll(graph.TreesOf);
        var rows = new TreeRows(spec, graph, nodes[0]!, transforms, examples);
        foreach (var (output, node) in outputs.Zip(nodes))
        {
            if (rows.Of(output.Task) is { Count: > 0 } ofTask && ofTask.Any(row => row.Label) && !ofTask.All(row => row.Label))
            {
                TreeFit.Run(spec, output.Task, ofTask, threads, grown[node!.Splits], grown[node.Leaves]);
            }
        }

        Parameters = grown;
    }

    /// <summary>[rows, 1] the sums of the trees, which no gradient goes through.</summary>
    /// <param name="node">The node.</param>
    /// <param name="inputs">[rows, numbers] what the trees look at.</param>
    public Tensor Apply(TreesNode node, Tensor inputs)
    {
        var (trees, width) = (ensembles[node.Leaves], (int)inputs.shape[1]);
        using var together = inputs.detach().cpu().contiguous();
        var numbers = MemoryMarshal.Cast<byte, float>(together.bytes);
        var sums = new float[inputs.shape[0]];
        for (var row = 0; row < sums.Length; row++)
        {
            sums[row] = trees.Sum(numbers.Slice(row * width, width));
        }

        return tensor(sums).view(-1, 1).to(inputs.device);
    }
}
