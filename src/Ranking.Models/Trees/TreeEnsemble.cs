namespace Ranking.Models;

/// <summary>
/// What a <see cref="TreesNode"/> computes: the sum of the leaves that a row of numbers comes to, one of each tree. Both
/// backends call it, so that they agree to the bit. Immutable and safe for any number of threads.
/// </summary>
public sealed class TreeEnsemble
{
    private const int SplitParts = 4;
    private readonly Split[] splits;
    private readonly float[] leaves;
    private readonly int splitsOfTree;

    /// <param name="node">The node.</param>
    /// <param name="parameters">The graph's parameters.</param>
    public TreeEnsemble(TreesNode node, IReadOnlyDictionary<string, float[]> parameters)
        : this(node, parameters[node.Splits], parameters[node.Leaves])
    {
    }

    /// <param name="node">The node.</param>
    /// <param name="splits">Its parameter of that name.</param>
    /// <param name="leaves">Its parameter of that name.</param>
    public TreeEnsemble(TreesNode node, ReadOnlySpan<float> splits, ReadOnlySpan<float> leaves)
    {
        this.leaves = leaves.ToArray();
        this.splits = [.. splits.ToArray().Chunk(SplitParts).Select(part => new Split((int)part[0], part[1], (int)part[2], (int)part[3]))];
        splitsOfTree = this.splits.Length / node.Count;
    }

    /// <summary>The parameters of trees that say nothing, by name.</summary>
    public static Dictionary<string, float[]> Empty(ScoringGraph graph)
    {
        var parameters = new Dictionary<string, float[]>();
        foreach (var node in graph.Nodes.OfType<TreesNode>())
        {
            parameters[node.Leaves] = new float[graph.Parameters.First(parameter => parameter.Name == node.Leaves).Length];
            var splits = parameters[node.Splits] = new float[graph.Parameters.First(parameter => parameter.Name == node.Splits).Length];
            for (var at = 0; at < splits.Length; at += SplitParts)
            {
                WriteSplit(splits.AsSpan(at, SplitParts), 0, 0, ~0, ~0);
            }
        }

        return parameters;
    }

    /// <summary>Writes one split.</summary>
    /// <param name="to">Its four numbers.</param>
    /// <param name="input">The number that it looks at.</param>
    /// <param name="threshold">What goes left: numbers up to it, itself among them.</param>
    /// <param name="left">The tree's split to the left, or the complement of the leaf.</param>
    /// <param name="right">The tree's split to the right, or the complement of the leaf.</param>
    public static void WriteSplit(Span<float> to, int input, float threshold, int left, int right) =>
        (to[0], to[1], to[2], to[3]) = (input, threshold, left, right);

    /// <summary>The sum, added up in double precision in the order of the trees.</summary>
    /// <param name="row">The numbers that the node reads.</param>
    public float Sum(ReadOnlySpan<float> row)
    {
        var sum = 0.0;
        var leavesOfTree = splitsOfTree + 1;
        for (int tree = 0, first = 0; first < splits.Length; tree++, first += splitsOfTree)
        {
            var at = 0;
            do
            {
                ref readonly var split = ref splits[first + at];
                at = row[split.Input] <= split.Threshold ? split.Left : split.Right;
            }
            while (at >= 0);
            sum += leaves[(tree * leavesOfTree) + ~at];
        }

        return (float)sum;
    }

    private readonly record struct Split(int Input, float Threshold, int Left, int Right);
}
