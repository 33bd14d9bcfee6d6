using Ranking.Models;

namespace Ranking.Onnx;

/// <summary>Writes boosted trees as one operator of ONNX's machine-learning domain.</summary>
internal sealed class TreesWriter
{
    public const string Domain = "ai.onnx.ml";
    private const int SplitParts = 4;
    private readonly float[] splits;
    private readonly float[] leaves;
    private readonly int leavesOfTree;
    private readonly List<(long Tree, long Id, long Input, string Mode, float Threshold, long True, long False)> nodes = [];
    private readonly List<(long Tree, long Id, float Weight)> targets = [];

    private TreesWriter(TreesNode node, MappedWeights weights)
    {
        (splits, leaves) = (weights[node.Splits].ToArray(), weights[node.Leaves].ToArray());
        leavesOfTree = leaves.Length / node.Count;
        for (var tree = 0; tree < node.Count; tree++)
        {
            Add(tree, 0, new Counter());
        }
    }

    public static string Write(OnnxGraph onnx, TreesNode node, MappedWeights weights, string input)
    {
        var trees = new TreesWriter(node, weights);
        var (nodes, targets) = (trees.nodes, trees.targets);
        return onnx.Add(
            "TreeEnsembleRegressor", Domain, [input],
            OnnxGraph.Int("n_targets", 1), OnnxGraph.Text("aggregate_function", "SUM"), OnnxGraph.Text("post_transform", "NONE"),
            OnnxGraph.Longs("nodes_treeids", nodes.Select(each => each.Tree)), OnnxGraph.Longs("nodes_nodeids", nodes.Select(each => each.Id)),
            OnnxGraph.Longs("nodes_featureids", nodes.Select(each => each.Input)), OnnxGraph.Texts("nodes_modes", nodes.Select(each => each.Mode)),
            OnnxGraph.Floats("nodes_values", nodes.Select(each => each.Threshold)), OnnxGraph.Longs("nodes_truenodeids", nodes.Select(each => each.True)),
            OnnxGraph.Longs("nodes_falsenodeids", nodes.Select(each => each.False)),
            OnnxGraph.Longs("target_treeids", targets.Select(each => each.Tree)), OnnxGraph.Longs("target_nodeids", targets.Select(each => each.Id)),
            OnnxGraph.Longs("target_ids", targets.Select(_ => 0L)), OnnxGraph.Floats("target_weights", targets.Select(each => each.Weight)));
    }

    // The operator takes every node to which none leads for a root: what the buffers have and no tree reaches stays out.
    private long Add(int tree, int at, Counter counter)
    {
        var id = counter.Next++;
        if (at < 0)
        {
            nodes.Add((tree, id, 0, "LEAF", 0, 0, 0));
            targets.Add((tree, id, leaves[(tree * leavesOfTree) + ~at]));
            return id;
        }

        var place = nodes.Count;
        var split = splits.AsSpan(((tree * (leavesOfTree - 1)) + at) * SplitParts, SplitParts).ToArray();
        nodes.Add(default);
        var (left, right) = (Add(tree, (int)split[2], counter), Add(tree, (int)split[3], counter));
        nodes[place] = (tree, id, (long)split[0], "BRANCH_LEQ", split[1], left, right);
        return id;
    }

    private sealed class Counter
    {
        public long Next { get; set; }
    }
}
