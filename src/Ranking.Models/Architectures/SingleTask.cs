using System.Collections.Immutable;

namespace Ranking.Models;

/// <summary>A network of its own for each task, embeddings included: the baseline that shares nothing.</summary>
internal static class SingleTask
{
    public static ImmutableArray<int> Build(GraphBuilder graph) =>
        [.. graph.Spec.Tasks.Tasks.Select(task =>
            graph.Layers(graph.Inputs($"@{task.Name}"), graph.Network.Bottom, $"bottom.{task.Name}"))];
}
