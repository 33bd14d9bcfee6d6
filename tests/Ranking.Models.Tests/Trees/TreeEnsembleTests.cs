using System.Collections.Immutable;

namespace Ranking.Models.Tests;

public sealed class TreeEnsembleTests
{
    private static readonly TreesNode Node = new(0, 2, "splits", "leaves") { Width = 1, Scopes = ScopeSet.User };

    [Theory]
    [InlineData(0.5f, -1f, 1 + 10)]
    [InlineData(0.6f, 2f, 2 + 10)]
    [InlineData(0.6f, 2.5f, 3 + 10)]
    [InlineData(float.NaN, 2f, 2 + 10)]
    public void Sum_OfARow_AddsTheLeafOfEachTree(float first, float second, float expected)
    {
        var splits = new float[2 * 2 * 4];
        TreeEnsemble.WriteSplit(splits.AsSpan(0, 4), 0, 0.5f, ~0, 1);
        TreeEnsemble.WriteSplit(splits.AsSpan(4, 4), 1, 2, ~1, ~2);
        TreeEnsemble.WriteSplit(splits.AsSpan(8, 4), 0, 0, ~0, ~0);
        var trees = new TreeEnsemble(Node, new Dictionary<string, float[]> { ["splits"] = splits, ["leaves"] = [1, 2, 3, 10, 20, 30] });

        Assert.Equal(expected, trees.Sum([first, second]));
    }

    [Fact]
    public void Empty_OfAGraph_SaysNothing()
    {
        var graph = new ScoringGraph([Node], ImmutableArray<GraphOutput>.Empty, [new GraphParameter("splits", 4, 4), new GraphParameter("leaves", 2, 3)]);

        Assert.Equal(0, new TreeEnsemble(Node, TreeEnsemble.Empty(graph)).Sum([7]));
    }
}
