using System.Collections.Immutable;

namespace Ranking.Models;

/// <summary>One bottom that all towers read (Caruana, Multitask Learning, 1997).</summary>
internal static class SharedBottom
{
    public static ImmutableArray<int> Build(GraphBuilder graph)
    {
        var bottom = graph.Layers(graph.Inputs(), graph.Network.Bottom, "bottom");
        return [.. graph.Spec.Tasks.Tasks.Select(_ => bottom)];
    }
}
