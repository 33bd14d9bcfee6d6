using System.Collections.Immutable;

namespace Ranking.Models;

/// <summary>Experts shared by all tasks, mixed for each by a gate that reads the inputs (Ma et al., KDD 2018, eq. 6 and 7).</summary>
internal static class Mmoe
{
    public static ImmutableArray<int> Build(GraphBuilder graph)
    {
        var architecture = graph.Network;
        var inputs = graph.Inputs();
        ImmutableArray<int> experts =
            [.. Enumerable.Range(0, architecture.Experts).Select(i => graph.Layers(inputs, architecture.Expert, $"expert.{i}"))];
        return [.. graph.Spec.Tasks.Tasks.Select(task => graph.Mix(graph.Gate(inputs, experts.Length, $"gate.{task.Name}"), experts))];
    }
}
